using System.Diagnostics;

namespace OptimoveDC.Core.Tests.Reliability.Soak;

/// <summary>What the process holds at a moment when nothing runs.</summary>
/// <param name="Memory">Bytes that are in use after everything unused was collected.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Threads">Threads of the process.</param>
internal sealed record SoakSample(long Memory, int Handles, int Threads)
{
    private static readonly string? Descriptors = new[] { "/proc/self/fd", "/dev/fd" }.FirstOrDefault(Directory.Exists);

    /// <summary>Collects what is unused, and takes stock of the rest.</summary>
    internal static SoakSample Take()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return new SoakSample(
            GC.GetTotalMemory(forceFullCollection: true),
            Descriptors is null ? process.HandleCount : Directory.GetFileSystemEntries(Descriptors).Length,
            process.Threads.Count);
    }
}
