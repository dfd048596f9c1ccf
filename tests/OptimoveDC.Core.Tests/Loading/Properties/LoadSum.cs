namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>The accounts of many loads, added up.</summary>
internal sealed record LoadSum
{
    public long Loads { get; init; }

    public long Requests { get; init; }

    public long Read { get; init; }

    public long Sent { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    public long Unknown { get; init; }

    public long NotSent { get; init; }

    /// <summary>By the clocks of the loads.</summary>
    public TimeSpan Elapsed { get; init; }

    internal LoadSum With(LoadResult result, TimeSpan elapsed) => new()
    {
        Loads = Loads + 1,
        Requests = Requests + result.Requests,
        Read = Read + result.Read,
        Sent = Sent + result.Sent,
        Rejected = Rejected + result.Rejected,
        Skipped = Skipped + result.Skipped,
        Unknown = Unknown + result.Unknown,
        NotSent = NotSent + result.NotSent,
        Elapsed = Elapsed + elapsed,
    };
}
