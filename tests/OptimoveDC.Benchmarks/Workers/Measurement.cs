using System.Diagnostics;
using System.Runtime;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>What work in this process costs, from <see cref="Start"/> to <see cref="Stop"/>. Scripts measure with it, too.</summary>
public sealed class Measurement : IDisposable
{
    private readonly AllocationListener? _listener;
    private readonly long _allocated;
    private readonly TimeSpan _jit;
    private readonly long _methods;
    private readonly TimeSpan _pauses;
    private readonly int _collections;
    private readonly TimeSpan _cpu;
    private readonly Stopwatch _clock;

    private Measurement(bool profileAllocations)
    {
        // What preparation has left behind is not the work's to clear away.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _listener = profileAllocations ? new AllocationListener() : null;
        _allocated = GC.GetTotalAllocatedBytes(precise: true);
        _jit = JitInfo.GetCompilationTime();
        _methods = JitInfo.GetCompiledMethodCount();
        _pauses = GC.GetTotalPauseDuration();
        _collections = GC.CollectionCount(0);
        _cpu = CpuTime();
        _clock = Stopwatch.StartNew();
    }

    /// <summary>Begins to measure.</summary>
    /// <param name="profileAllocations">Notes what is allocated, by type. Never for a timed run.</param>
    public static Measurement Start(bool profileAllocations = false) => new(profileAllocations);

    /// <summary>Ends it.</summary>
    /// <param name="records">The records that were worked on.</param>
    /// <returns>The cost, as a line of JSON for the process that asked.</returns>
    public string Stop(long records) => StopWith(records).ToJson();

    /// <summary>Measures work of this program itself.</summary>
    internal static async Task<WorkerResult> OfAsync(Func<Task<long>> work)
    {
        using var measurement = Start();
        return measurement.StopWith(await work().ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Dispose() => _listener?.Dispose();

    private WorkerResult StopWith(long records)
    {
        _clock.Stop();
        return new WorkerResult
        {
            Seconds = _clock.Elapsed.TotalSeconds,
            CpuSeconds = (CpuTime() - _cpu).TotalSeconds,
            JitSeconds = (JitInfo.GetCompilationTime() - _jit).TotalSeconds,
            JitMethods = JitInfo.GetCompiledMethodCount() - _methods,
            PauseSeconds = (GC.GetTotalPauseDuration() - _pauses).TotalSeconds,
            Collections = GC.CollectionCount(0) - _collections,
            AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _allocated,
            PeakBytes = PeakWorkingSet(),
            Records = records,
            AllocatedByType = _listener?.ByType,
        };
    }

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
