using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Peers;

/// <summary>A real PowerShell, where there is one.</summary>
internal static class ShellPeer
{
    private const string Program = "pwsh";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Peers", "shell.ps1");
    private static readonly string ImportScript = Path.Combine(AppContext.BaseDirectory, "Peers", "import-module.ps1");

    /// <summary>What it is told to run.</summary>
    internal static IReadOnlyList<string> Scripts => [Script, ImportScript];

    internal static bool Find([NotNullWhen(false)] out string? reason)
    {
        reason = null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, ["-NoProfile", "-NonInteractive", "-Command", "exit [int]($PSVersionTable.PSVersion -lt [version]'7.4')"]))!;
            process.WaitForExit();
            reason = process.ExitCode == 0 ? null : "pwsh is older than 7.4";
        }
        catch (Win32Exception)
        {
            reason = "no pwsh on the PATH";
        }

        return reason is null;
    }

    /// <summary>Starts one with the module in it and a session open to the sink.</summary>
    internal static Task<WorkerProcess> StartAsync(Uri service) => RunAsync(Script, service.AbsoluteUri, PackagedModule.Manifest, typeof(ShellPeer).Assembly.Location);

    /// <summary>Starts one for a single import of a module.</summary>
    internal static Task<WorkerProcess> StartBareAsync() => RunAsync(ImportScript);

    private static Task<WorkerProcess> RunAsync(string script, params IEnumerable<string> arguments) =>
        WorkerProcess.StartProgramAsync(Program, ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", script, .. arguments]);
}
