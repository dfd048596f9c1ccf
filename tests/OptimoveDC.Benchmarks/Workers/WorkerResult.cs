using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>What a command cost the worker; a line of JSON on its standard output.</summary>
internal sealed record WorkerResult
{
    /// <summary>The work alone: neither the start of the process nor its preparation.</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time of the whole process during the work.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes allocated by all threads during the work; 0 where nobody can tell.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>The largest working set that the process has had since its start; 0 where nobody asked.</summary>
    public long PeakBytes { get; init; }

    /// <summary>The records that were worked on.</summary>
    public long Records { get; init; }

    /// <summary>Records in a second.</summary>
    [JsonIgnore]
    public double Rate => Records / Seconds;

    /// <summary>Time that compiling took during the work, on whichever thread.</summary>
    public double JitSeconds { get; init; }

    /// <summary>Methods compiled during the work, each tier counted.</summary>
    public long JitMethods { get; init; }

    /// <summary>Time that all threads stood still for the garbage collector during the work.</summary>
    public double PauseSeconds { get; init; }

    /// <summary>Garbage collections during the work, of any generation.</summary>
    public int Collections { get; init; }

    /// <summary>Sampled allocations by type, the largest first.</summary>
    public IReadOnlyDictionary<string, long>? AllocatedByType { get; init; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public string? Error { get; init; }

    internal string ToJson() => JsonSerializer.Serialize(this);
}
