using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Peers;

/// <summary>The Python way, where Python and its requests are there.</summary>
internal static class PythonPeer
{
    /// <summary>Looks for an interpreter that has requests.</summary>
    internal static bool Find([NotNullWhen(true)] out string? program, [NotNullWhen(false)] out string? reason)
    {
        program = null;
        reason = "no python3 on the PATH";
        foreach (var candidate in new[] { "python3", "python" })
        {
            if (Run(candidate, "import sys; sys.exit(sys.version_info[0] != 3)") != 0)
            {
                continue;
            }

            reason = $"{candidate} has no requests";
            if (Run(candidate, "import requests") == 0)
            {
                program = candidate;
                reason = null;
                return true;
            }
        }

        return false;
    }

    internal static Task<WorkerProcess> StartAsync(string program, Uri service) =>
        WorkerProcess.StartProgramAsync(program, Path.Combine(AppContext.BaseDirectory, "Peers", "upload.py"), service.AbsoluteUri);

    private static int Run(string program, string script)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-c", script]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return -1;
        }
    }
}
