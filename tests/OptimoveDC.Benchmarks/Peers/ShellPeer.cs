using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Peers;

/// <summary>A real PowerShell, where there is one.</summary>
internal static class ShellPeer
{
    private const string Program = "pwsh";

    internal static string Script { get; } = Path.Combine(AppContext.BaseDirectory, "Peers", "shell.ps1");

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

    internal static Task<WorkerProcess> StartAsync(Uri service) => WorkerProcess.StartProgramAsync(
        Program, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", Script, service.AbsoluteUri, PackagedModule.Manifest);
}
