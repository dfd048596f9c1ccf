using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>
/// A runspace with the packaged module in it, imported through its manifest as a user would.
/// <code>
/// await using var shell = ShellSession.Open();
/// var run = shell.Run("Get-OptimoveSession");
/// </code>
/// </summary>
public sealed class ShellSession : IAsyncDisposable
{
    private readonly Runspace _runspace;

    private ShellSession(Runspace runspace) => _runspace = runspace;

    /// <summary>Opens a runspace. Without a host of its own it is as non-interactive as a runbook: prompts fail.</summary>
    /// <param name="host">The host; none when null.</param>
    /// <param name="importModule">Whether the module is imported.</param>
    public static ShellSession Open(PSHost? host = null, bool importModule = true)
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // The default there is Restricted, which would refuse the module's script.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        var runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        var session = new ShellSession(runspace);
        if (importModule)
        {
            session.Set("manifest", PackagedModule.Manifest).Run("Import-Module $manifest -ErrorAction Stop").EnsureSucceeded();
        }

        return session;
    }

    /// <summary>Sets a variable that the scripts of this session see.</summary>
    public ShellSession Set(string name, object? value)
    {
        _runspace.SessionStateProxy.SetVariable(name, value);
        return this;
    }

    /// <summary>Reads a variable; null when there is none.</summary>
    public object? Get(string name)
    {
        var value = _runspace.SessionStateProxy.GetVariable(name);
        return value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
    }

    /// <summary>
    /// Turns the verbose and debug streams on. Not by <c>-Debug</c>: where nobody can be asked, that makes the first
    /// warning after it fail.
    /// </summary>
    public ShellSession ShowEverything() =>
        Set("VerbosePreference", ActionPreference.Continue).Set("DebugPreference", ActionPreference.Continue);

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The script, with or without a <c>param</c> block.</param>
    /// <param name="input">What comes down the pipeline into it, as <c>$input</c>.</param>
    /// <param name="parameters">Values for its <c>param</c> block.</param>
    public ShellRun Run(string script, IEnumerable? input = null, IDictionary? parameters = null)
    {
        using var invocation = Start(script, input, parameters);
        return invocation.Completion.GetAwaiter().GetResult();
    }

    /// <summary>Runs one command, with the input piped straight into it rather than through a script.</summary>
    public ShellRun RunCommand(string command, IDictionary? parameters = null, IEnumerable? input = null)
    {
        var shell = PowerShell.Create(_runspace).AddCommand(command);
        using var invocation = Begin(shell, input, parameters);
        return invocation.Completion.GetAwaiter().GetResult();
    }

    /// <summary>Starts a script and returns at once, for tests that look at it, or stop it, while it runs.</summary>
    public ShellInvocation Start(string script, IEnumerable? input = null, IDictionary? parameters = null) =>
        Begin(PowerShell.Create(_runspace).AddScript(script), input, parameters);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Closing stops whatever still runs, and waits for it.
        _runspace.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ShellInvocation Begin(PowerShell shell, IEnumerable? input, IDictionary? parameters)
    {
        if (parameters is not null)
        {
            shell.AddParameters(parameters);
        }

        return new ShellInvocation(shell, input);
    }
}
