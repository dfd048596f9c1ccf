namespace OptimoveDC.Benchmarks.Sink;

/// <summary>The requests of one API key.</summary>
internal sealed record KeyTally
{
    /// <summary>Those accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Those answered 429.</summary>
    public long Refused { get; init; }

    /// <summary>From the first accepted to the last, in seconds.</summary>
    public double Seconds { get; init; }
}
