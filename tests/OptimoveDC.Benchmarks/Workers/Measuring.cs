using System.Diagnostics;
using System.Runtime;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>Measures work in this process.</summary>
internal static class Measuring
{
    internal static async Task<WorkerResult> MeasureAsync(Func<Task<long>> work)
    {
        // What preparation has left behind is not the work's to clear away.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var jit = JitInfo.GetCompilationTime();
        var methods = JitInfo.GetCompiledMethodCount();
        var pauses = GC.GetTotalPauseDuration();
        var collections = GC.CollectionCount(0);
        var cpu = CpuTime();
        var clock = Stopwatch.StartNew();
        var records = await work().ConfigureAwait(false);
        clock.Stop();
        return new WorkerResult
        {
            Seconds = clock.Elapsed.TotalSeconds,
            CpuSeconds = (CpuTime() - cpu).TotalSeconds,
            JitSeconds = (JitInfo.GetCompilationTime() - jit).TotalSeconds,
            JitMethods = JitInfo.GetCompiledMethodCount() - methods,
            PauseSeconds = (GC.GetTotalPauseDuration() - pauses).TotalSeconds,
            Collections = GC.CollectionCount(0) - collections,
            AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - allocated,
            PeakBytes = PeakWorkingSet(),
            Records = records,
        };
    }

    internal static Task<WorkerResult> Measure(Func<long> work) => MeasureAsync(() => Task.FromResult(work()));

    private static long PeakWorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
