namespace OptimoveDC.Benchmarks.Sink;

/// <summary>What arrived at the sink since its settings were last changed.</summary>
internal sealed record SinkTally
{
    /// <summary>Requests answered with success.</summary>
    public long Requests { get; init; }

    /// <summary>Records in them, by the marks of the format: counted in every run.</summary>
    public long Records { get; init; }

    /// <summary>Bytes of their bodies.</summary>
    public long Bytes { get; init; }

    /// <summary>Records in them, by parsing; 0 unless the run verifies.</summary>
    public long ParsedRecords { get; init; }

    /// <summary>The sum of the hashes of all keys; 0 unless the run verifies.</summary>
    public ulong KeySum { get; init; }

    /// <summary>The sum of the hashes of all records; 0 unless the run verifies.</summary>
    public ulong RecordSum { get; init; }

    /// <summary>What each API key did.</summary>
    public IReadOnlyDictionary<string, KeyTally> Keys { get; init; } = new Dictionary<string, KeyTally>();
}
