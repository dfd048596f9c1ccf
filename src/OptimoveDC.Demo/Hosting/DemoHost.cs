using System.Globalization;
using System.Management.Automation.Host;

namespace OptimoveDC.Demo.Hosting;

/// <summary>A host on the console, with as much as a script needs.</summary>
internal sealed class DemoHost : PSHost, IDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private int? _exitCode;

    internal DemoHost() => Console = new ConsoleUserInterface(new ConsoleInput(_interrupted.Token));

    public override string Name => "OptimoveDC.Demo";

    public override Version Version { get; } = typeof(DemoHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override PSHostUserInterface UI => Console;

    internal ConsoleUserInterface Console { get; }

    /// <summary>What the script, or a signal, asked the process to end with; null when neither did.</summary>
    internal int? ExitCode => _exitCode;

    /// <summary>Notes an interruption and gives up a prompt that is waiting. False when there has been one before.</summary>
    internal bool TryInterrupt(int exitCode)
    {
        if (_interrupted.IsCancellationRequested)
        {
            return false;
        }

        _exitCode = exitCode;
        _interrupted.Cancel();
        return true;
    }

    public override void SetShouldExit(int exitCode) => _exitCode ??= exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("The demo has no prompt to suspend a script for.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("The demo has no prompt to suspend a script for.");

    public void Dispose() => _interrupted.Dispose();

    // Other programs write to the same console as they like.
    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
