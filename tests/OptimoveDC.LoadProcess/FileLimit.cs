using System.Runtime.InteropServices;

namespace OptimoveDC.LoadProcess;

/// <summary>
/// The system's own limit to the size of files that this process writes (RLIMIT_FSIZE): beyond it a write takes what fits,
/// and the next fails, as on a full disk.
/// </summary>
internal static class FileLimit
{
    private const int FileSize = 1;
    private const int SignalOfIt = 25;
    private const nint Ignore = 1;

    internal static void Set(long bytes)
    {
        // The signal would end the process; ignored, the write fails.
        _ = Signal(SignalOfIt, Ignore);
        var limit = new Limit { Soft = (ulong)bytes, Hard = (ulong)bytes };
        if (SetLimit(FileSize, ref limit) != 0)
        {
            throw new InvalidOperationException("The limit can't be set.");
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Signal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
