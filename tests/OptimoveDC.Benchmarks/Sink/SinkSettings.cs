namespace OptimoveDC.Benchmarks.Sink;

/// <summary>How the sink answers from now on; new settings also start its counts anew.</summary>
internal sealed record SinkSettings
{
    /// <summary>Parses every body and hashes every record. Never on for a timed run.</summary>
    public bool Verify { get; init; }

    /// <summary>Where the bodies are kept, for the floor to post them again; null to drop them.</summary>
    public string? KeepFolder { get; init; }

    /// <summary>How long each answer is held back, in milliseconds, once the body is read.</summary>
    public int LatencyMilliseconds { get; init; }

    /// <summary>How many requests an API key may make within the window; 0 for any number.</summary>
    public int Limit { get; init; }

    /// <summary>The sliding window of the limit, in seconds.</summary>
    public int WindowSeconds { get; init; }
}
