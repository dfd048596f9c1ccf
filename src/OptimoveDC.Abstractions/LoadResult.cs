namespace OptimoveDC;

/// <summary>
/// The account of one load. Every record that was read is in exactly one of five counts:
/// <c>Read = Sent + Rejected + Skipped + Unknown + NotSent</c>.
/// </summary>
public sealed class LoadResult
{
    /// <summary>Upload, update or delete.</summary>
    public required LoadOperation Operation { get; init; }

    /// <summary>The file that was read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The Data Connection that was written to.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>The batch that the records were uploaded in; null for update and delete.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>For an upload: the service has acknowledged the whole batch. For update and delete: no outcome is open.</summary>
    public required bool Completed { get; init; }

    /// <summary>Which part of the source was loaded, from 0; null for all of it.</summary>
    public int? ShardIndex { get; init; }

    /// <summary>Into how many parts the source is divided; null when it is not.</summary>
    public int? ShardCount { get; init; }

    /// <summary>Rows of other shards, which are in none of the counts: <c>Read + PassedOver</c> is the same for every shard of a source.</summary>
    public long PassedOver { get; init; }

    /// <summary>Records read from the source; of a shard, those that fall in it.</summary>
    public required long Read { get; init; }

    /// <summary>Records that the service acknowledged.</summary>
    public required long Sent { get; init; }

    /// <summary>Records refused, by the service or before they were sent. Each has an error of its own.</summary>
    public required long Rejected { get; init; }

    /// <summary>Records replaced by a later one of the same key in the same chunk, or deleted when they were already gone.</summary>
    public required long Skipped { get; init; }

    /// <summary>Records in requests whose outcome was never heard.</summary>
    public required long Unknown { get; init; }

    /// <summary>Records that were read but not sent, because the load was stopped.</summary>
    public required long NotSent { get; init; }

    /// <summary>Requests made, repeated ones included.</summary>
    public required long Requests { get; init; }

    /// <summary>How many of the requests repeated an earlier one after a fault.</summary>
    public required long Retries { get; init; }

    /// <summary>How many of the requests were answered 429, «slow down».</summary>
    public required long Throttled { get; init; }

    /// <summary>Time spent waiting because the service asked for it, summed over the requests.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>Bytes of request bodies, repeated ones included.</summary>
    public required long Bytes { get; init; }

    /// <summary>From the first record read to the last answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Records read in a second of <see cref="Duration"/>.</summary>
    public double RecordsPerSecond => Duration > TimeSpan.Zero ? Read / Duration.TotalSeconds : 0;

    /// <summary>Where the load keeps what it needs to resume; null when it keeps none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Where the rejected records were written; null when no file was asked for.</summary>
    public string? RejectPath { get; init; }
}
