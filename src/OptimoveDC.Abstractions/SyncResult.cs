namespace OptimoveDC;

/// <summary>
/// The account of one sync. Every record that was read is in exactly one of six counts:
/// <c>Read = Sent + Rejected + Skipped + Unchanged + Unknown + NotSent</c>; every key that the source lacks in one of
/// three: <c>Missing = Deleted + Expired + NotDeleted</c>.
/// </summary>
public sealed class SyncResult
{
    /// <summary>The file that was read.</summary>
    public required string Source { get; init; }

    /// <summary>The Data Connection that was written to.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>The file that remembers what the Data Connection holds.</summary>
    public required string StatePath { get; init; }

    /// <summary>The batch that the records were uploaded in; null when there was nothing to upload.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>True when everything that was to be uploaded and deleted was, but for what was rejected.</summary>
    public required bool Completed { get; init; }

    /// <summary>Records read from the source.</summary>
    public required long Read { get; init; }

    /// <summary>Records of keys that the state doesn't know.</summary>
    public required long New { get; init; }

    /// <summary>Records with another content than was sent last.</summary>
    public required long Changed { get; init; }

    /// <summary>Records unchanged, but near the end of their time-to-live, or beyond it.</summary>
    public required long Refreshed { get; init; }

    /// <summary>Records sent whatever the state says: what became of their keys in an earlier sync was never heard, or all are sent (<c>-Full</c>).</summary>
    public required long Resent { get; init; }

    /// <summary>Records that are to be sent.</summary>
    public long ToSend => New + Changed + Refreshed + Resent;

    /// <summary>Records that were not sent, because the Data Connection holds them already.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Records that the service acknowledged.</summary>
    public required long Sent { get; init; }

    /// <summary>Records refused, by the service or before they were sent. Each has an error of its own.</summary>
    public required long Rejected { get; init; }

    /// <summary>Records replaced by a later one of the same key.</summary>
    public required long Skipped { get; init; }

    /// <summary>Records in requests whose outcome was never heard.</summary>
    public required long Unknown { get; init; }

    /// <summary>Records that were to be sent and were not: the sync was stopped, or only asked what it would do.</summary>
    public required long NotSent { get; init; }

    /// <summary>Keys that the state knows and the source lacks.</summary>
    public required long Missing { get; init; }

    /// <summary>Missing keys that were to be deleted.</summary>
    public required long ToDelete { get; init; }

    /// <summary>Missing keys whose records are gone by now.</summary>
    public required long Deleted { get; init; }

    /// <summary>Missing keys whose records had expired; they were dropped from the state without a request.</summary>
    public required long Expired { get; init; }

    /// <summary>Missing keys whose records are still there, as far as is known.</summary>
    public long NotDeleted => Missing - Deleted - Expired;

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

    /// <summary>Where the rejected records were written; null when no file was asked for.</summary>
    public string? RejectPath { get; init; }
}
