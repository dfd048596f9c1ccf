using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>A host whose screen can be read and whose user answers as told: for views, and for confirmations.</summary>
public sealed class ScreenHost : PSHost
{
    private readonly ScreenInterface _ui;

    /// <param name="answers">What the user answers, in turn, by label: <c>Yes</c>, <c>No</c>… With none left, a question fails.</param>
    public ScreenHost(params string[] answers)
        : this(ScreenSize.Ordinary, answers)
    {
    }

    /// <param name="width">How many columns the screen has.</param>
    /// <param name="answers">What the user answers.</param>
    public ScreenHost(int width, params string[] answers) => _ui = new ScreenInterface(answers, width);

    /// <summary>All that was written, escape sequences removed.</summary>
    public string Screen => _ui.Text;

    /// <summary>What the user was asked.</summary>
    public IReadOnlyList<string> Questions => _ui.Questions;

    /// <summary>What the user types where a user name, a password or both are asked for; null when that is a failure.</summary>
    public PSCredential? Credential
    {
        get => _ui.Credential;
        set => _ui.Credential = value;
    }

    public override string Name => nameof(ScreenHost);

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override PSHostUserInterface UI => _ui;

    public override void SetShouldExit(int exitCode)
    {
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
