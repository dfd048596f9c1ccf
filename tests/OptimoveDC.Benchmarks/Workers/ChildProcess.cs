using System.Diagnostics;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>A process that is spoken to line by line, and ends when its standard input does.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Far beyond any run; a child that is silent for so long will never speak again.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _name;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>Starts this program again, in another part.</summary>
    internal static ChildProcess StartSelf(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? Start(program, [typeof(ChildProcess).Assembly.Location, .. arguments])
            : Start(program, arguments);
    }

    internal static ChildProcess Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return new ChildProcess(Process.Start(start)!, $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}");
    }

    internal async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync().ConfigureAwait(false);
    }

    /// <exception cref="InvalidOperationException">The process ended, or said nothing for too long.</exception>
    internal async Task<string> ReadLineAsync()
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(LongestSilence).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"«{_name}» ended without an answer; what it wrote to its standard error stands above.");
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"«{_name}» has not answered for {LongestSilence.TotalMinutes:F0} minutes.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(LongestEnd).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
