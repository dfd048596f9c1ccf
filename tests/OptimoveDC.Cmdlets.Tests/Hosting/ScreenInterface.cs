using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;
using System.Text;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>The screen and the user of a <see cref="ScreenHost"/>.</summary>
internal sealed class ScreenInterface(IEnumerable<string> answers, int width) : PSHostUserInterface
{
    private readonly Queue<string> _answers = new(answers);
    private readonly List<string> _questions = [];
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    public override PSHostRawUserInterface RawUI { get; } = new ScreenSize(width);

    /// <summary>What the user types where a user name, a password or both are asked for; null when that is a failure.</summary>
    internal PSCredential? Credential { get; set; }

    internal string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    internal IReadOnlyList<string> Questions
    {
        get
        {
            lock (_gate)
            {
                return [.. _questions];
            }
        }
    }

    public override void Write(string value)
    {
        lock (_gate)
        {
            _text.Append(new StringDecorated(value).ToString(OutputRendering.PlainText));
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteWarningLine(string message) => WriteLine("WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteLine("VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteLine("DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        lock (_gate)
        {
            _questions.Add(message);
            var answer = _answers.Dequeue();
            return choices.ToList().FindIndex(c => c.Label.Replace("&", string.Empty, StringComparison.Ordinal) == answer);
        }
    }

    // Read-Host asks through a field: a secret one for the password, a plain one for the user name.
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        descriptions.ToDictionary(
            field => field.Name,
            field => PSObject.AsPSObject(field.ParameterTypeFullName == typeof(SecureString).FullName ? Typed.Password : Typed.UserName));

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => Typed;

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => Typed;

    public override string ReadLine() => Typed.UserName;

    public override SecureString ReadLineAsSecureString() => Typed.Password;

    private PSCredential Typed => Credential ?? throw new InvalidOperationException("The user was told no credential to type.");
}
