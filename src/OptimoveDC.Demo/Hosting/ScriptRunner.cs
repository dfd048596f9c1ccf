using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Imports the packaged module into the engine and runs a script, to the exit code that <c>pwsh -File</c> would give.</summary>
internal sealed class ScriptRunner
{
    private const int Failed = 1;
    private const int NoScript = 64;

    private readonly DemoHost _host;

    internal ScriptRunner(DemoHost host) => _host = host;

    internal int Run(string[] arguments)
    {
        var path = Path.GetFullPath(arguments.Length > 0 ? arguments[0] : PackagedModule.DefaultScript);
        if (!File.Exists(path))
        {
            _host.UI.WriteErrorLine($"There is no script at {path}.");
            return NoScript;
        }

        using var runspace = RunspaceFactory.CreateRunspace(_host, CreateState());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        using var interrupt = OnSignal(PosixSignal.SIGINT, shell);
        using var terminate = OnSignal(PosixSignal.SIGTERM, shell);
        try
        {
            shell.AddCommand("Import-Module").AddParameter("Name", PackagedModule.Manifest).AddParameter("ErrorAction", "Stop").Invoke();
            shell.Commands.Clear();
            if (!TryAddScript(shell, path, arguments.Skip(1)))
            {
                return Failed;
            }

            shell.Invoke();
        }
        catch (PipelineStoppedException)
        {
            return _host.ExitCode ?? Failed;
        }
        catch (RuntimeException e)
        {
            _host.Console.WriteError(e.ErrorRecord);
            return _host.ExitCode ?? Failed;
        }
        finally
        {
            _host.Console.ClearProgress();
        }

        return _host.ExitCode ?? 0;
    }

    private static InitialSessionState CreateState()
    {
        // A script that says Import-Module OptimoveDC itself, as in a real shell, means this one.
        var others = Environment.GetEnvironmentVariable("PSModulePath");
        Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(others)
            ? PackagedModule.ModulePath
            : PackagedModule.ModulePath + Path.PathSeparator + others);

        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // The default there is Restricted, which would refuse the module's script.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        return state;
    }

    private bool TryAddScript(PowerShell shell, string path, IEnumerable<string> arguments)
    {
        var syntax = Parser.ParseFile(path, out _, out var errors);
        foreach (var error in errors)
        {
            _host.UI.WriteErrorLine($"{path}:{error.Extent.StartLineNumber}:{error.Extent.StartColumnNumber}: {error.Message}");
        }

        if (errors.Length > 0)
        {
            return false;
        }

        // A script file run by its path swallows `exit n`; the same text as a function hands it up to the host, and
        // still knows its $PSScriptRoot.
        var name = Path.GetFileName(path);
        shell.Runspace.SessionStateProxy.InvokeProvider.Item.Set($"function:global:{name}", syntax.GetScriptBlock());
        shell.AddCommand(name);
        foreach (var parameter in ScriptArguments.Parse(arguments))
        {
            shell.Commands.Commands[0].Parameters.Add(parameter);
        }

        // Errors go down the pipeline with the output, so that both appear in the order in which they were written.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        return true;
    }

    // The first signal stops the pipeline, which lets a load finish its checkpoint; a second one ends the process.
    private PosixSignalRegistration OnSignal(PosixSignal signal, PowerShell shell) => PosixSignalRegistration.Create(signal, context =>
    {
        var code = 128 + (signal == PosixSignal.SIGINT ? 2 : 15);
        if (_host.TryInterrupt(code))
        {
            context.Cancel = true;
            shell.BeginStop(null, null);
        }
    });
}
