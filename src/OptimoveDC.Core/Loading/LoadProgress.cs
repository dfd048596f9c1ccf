namespace OptimoveDC.Core.Loading;

/// <summary>How far a load is.</summary>
/// <param name="Read">Records read so far.</param>
/// <param name="Decided">Records whose outcome is known.</param>
/// <param name="Sent">Those of them that the service accepted.</param>
/// <param name="Requests">Requests made so far.</param>
/// <param name="Elapsed">Since the load began.</param>
public readonly record struct LoadProgress(long Read, long Decided, long Sent, long Requests, TimeSpan Elapsed)
{
    /// <summary>Decided records in a second; 0 before the first.</summary>
    public double RecordsPerSecond => Elapsed > TimeSpan.Zero ? Decided / Elapsed.TotalSeconds : 0;
}
