using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Writes what a script writes, and asks what it asks. Errors go to standard error, all else to standard output.</summary>
internal sealed class ConsoleUserInterface : PSHostUserInterface
{
    private readonly ConsoleInput _input;
    private readonly ConsoleStyle _style = new();
    private readonly ProgressLine _progress = new();

    internal ConsoleUserInterface(ConsoleInput input) => _input = input;

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawUserInterface();

    public override bool SupportsVirtualTerminal => _style.Colours;

    public override void Write(string value)
    {
        _progress.Clear();
        Console.Out.Write(_style.Fit(value));
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(_style.Paint(foregroundColor, value));

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteLine(_style.Paint(foregroundColor, value));

    public override void WriteErrorLine(string value)
    {
        _progress.Clear();
        Console.Error.WriteLine(_style.PaintError(value));
    }

    public override void WriteWarningLine(string message) => WriteLine(_style.Paint(ConsoleColor.Yellow, "WARNING: " + message));

    public override void WriteVerboseLine(string message) => WriteLine(_style.Paint(ConsoleColor.Yellow, "VERBOSE: " + message));

    public override void WriteDebugLine(string message) => WriteLine(_style.Paint(ConsoleColor.Yellow, "DEBUG: " + message));

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    internal void ClearProgress() => _progress.Clear();

    /// <summary>Writes the error that ended a script: what happened, where, and what to do about it.</summary>
    internal void WriteError(ErrorRecord error)
    {
        WriteErrorLine(error.ToString());
        if (error.InvocationInfo?.PositionMessage is { Length: > 0 } position)
        {
            WriteErrorLine(position);
        }

        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } action)
        {
            WriteErrorLine("What to do: " + action);
        }

        WriteErrorLine($"({error.FullyQualifiedErrorId})");
    }

    public override string ReadLine()
    {
        ConsoleInput.EnsureInteractive("a line was to be read.");
        return _input.ReadLine();
    }

    public override SecureString ReadLineAsSecureString()
    {
        ConsoleInput.EnsureInteractive("a secret was to be read.");
        return _input.ReadSecret();
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        var question = new ChoiceQuestion(choices, defaultChoice);
        ConsoleInput.EnsureInteractive($"{caption} {message}");
        WriteLine(caption);
        WriteLine(message);
        while (true)
        {
            Write(question.Text);
            var answer = _input.ReadLine().Trim();
            if (answer == "?")
            {
                WriteLine(question.Help);
            }
            else if (question.TryAnswer(answer, out var choice))
            {
                return choice;
            }
        }
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        ConsoleInput.EnsureInteractive($"{caption} {message} {string.Join(", ", descriptions.Select(d => d.Name))}.");
        WriteLine(caption);
        WriteLine(message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            Write(field.Name + ": ");
            var isSecret = field.ParameterTypeFullName == typeof(SecureString).FullName;
            answers[field.Name] = PSObject.AsPSObject(isSecret ? _input.ReadSecret() : _input.ReadLine());
        }

        return answers;
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        ConsoleInput.EnsureInteractive($"{caption} {message}");
        WriteLine(caption);
        WriteLine(message);
        if (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = _input.ReadLine();
        }

        Write($"Password for {userName}: ");
        return new PSCredential(userName, _input.ReadSecret());
    }
}
