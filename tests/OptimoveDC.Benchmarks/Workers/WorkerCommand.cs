namespace OptimoveDC.Benchmarks.Workers;

/// <summary>One thing that a worker process is asked to do; a line of JSON on its standard input.</summary>
/// <param name="Do">What: each worker has its own list.</param>
internal sealed record WorkerCommand(string Do)
{
    /// <summary>A file or a folder to work on.</summary>
    public string? Path { get; init; }

    /// <summary>The state of a sync.</summary>
    public string? State { get; init; }

    /// <summary>The time-to-live of a sync in seconds; null for none.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>How many records there are to work on.</summary>
    public int Count { get; init; }

    /// <summary>The most records in a request.</summary>
    public int BatchSize { get; init; } = 5000;

    /// <summary>Notes what is allocated, by type. Never on for a timed run.</summary>
    public bool ProfileAllocations { get; init; }
}
