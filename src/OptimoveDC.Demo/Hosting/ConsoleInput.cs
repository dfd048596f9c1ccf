using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Reads answers from the console, and says so when nobody is there to give them.</summary>
internal sealed class ConsoleInput
{
    private readonly CancellationToken _interrupted;

    internal ConsoleInput(CancellationToken interrupted) => _interrupted = interrupted;

    /// <summary>Throws when input comes from a file or a pipe, because that is no answer to a question.</summary>
    internal static void EnsureInteractive(string question)
    {
        if (Console.IsInputRedirected)
        {
            throw new HostException(
                $"Nobody can be asked, because input is redirected: {question.ReplaceLineEndings(" ").Trim()} Give -Confirm:$false, or the missing parameters.",
                null, "NonInteractive", ErrorCategory.InvalidOperation);
        }
    }

    /// <summary>Reads a line. Ctrl+C gives up waiting, which the console's own reading wouldn't.</summary>
    internal string ReadLine() => Await(Console.In.ReadLine) ?? string.Empty;

    /// <summary>Reads a line without showing it.</summary>
    internal SecureString ReadSecret() => Await(static () =>
    {
        var secret = new SecureString();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.AppendChar(key.KeyChar);
            }
        }

        Console.WriteLine();
        secret.MakeReadOnly();
        return secret;
    });

    private T Await<T>(Func<T> read)
    {
        var reading = Task.Run(read, CancellationToken.None);
        try
        {
            reading.Wait(_interrupted);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }

        return reading.Result;
    }
}
