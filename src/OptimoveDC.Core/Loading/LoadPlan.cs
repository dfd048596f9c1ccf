using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Loading.Shards;

namespace OptimoveDC.Core.Loading;

/// <summary>What a load is to do.</summary>
public sealed record LoadPlan
{
    /// <summary>The most records that an upload request may carry, by the service's documentation.</summary>
    public const int UploadCeiling = 5000;

    /// <summary>Records a request for update and delete, unless told otherwise; the service documents no limit.</summary>
    public const int DefaultKeyedBatchSize = 1000;

    /// <summary>The largest body of a request, unless told otherwise: 4 MiB.</summary>
    public const int DefaultMaxChunkBytes = 4 << 20;

    /// <summary>Requests for the pieces of one refused chunk, unless told otherwise: enough to ask about 1000 keys one by one.</summary>
    public const int DefaultMaxIsolationRequests = 2000;

    /// <summary>Upload, update or delete.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The file that is read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>True when a record is named by the line of a file, false by its position in the source.</summary>
    public bool CountsLines { get; init; } = true;

    /// <summary>The Data Connection to write to.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>The batch of an upload; null for update and delete.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>Leaves the batch open, for others to add to.</summary>
    public bool KeepBatchOpen { get; init; }

    /// <summary>The part of the source that is loaded, where others load the rest; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>How primary keys are written.</summary>
    public KeyType KeyType { get; init; }

    /// <summary>The most records in a request.</summary>
    public int BatchSize { get; init; } = UploadCeiling;

    /// <summary>The most bytes in a request; a single larger record goes alone.</summary>
    public int MaxChunkBytes { get; init; } = DefaultMaxChunkBytes;

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>How many records may be rejected before the load stops.</summary>
    public RejectLimit MaxReject { get; init; } = RejectLimit.Default;

    /// <summary>The most requests that the pieces of one refused chunk may take; what is left then counts as unknown.</summary>
    public int MaxIsolationRequests { get; init; } = DefaultMaxIsolationRequests;

    /// <summary>Where rejected records are kept; null when nobody asked for a file.</summary>
    public RejectFile? RejectFile { get; init; }

    /// <summary>What the load needs to resume; null when it can't be resumed.</summary>
    public CheckpointPlan? Checkpoint { get; init; }

    /// <summary>
    /// Hears of each chunk whose outcome is decided, before its memory is used again; null when nobody does. Called on
    /// any thread, several at once. It must not throw.
    /// </summary>
    internal Action<Chunk>? ChunkResolved { get; init; }

    /// <summary>How long «slow down» may be obeyed without one accepted request, before the load is given up.</summary>
    public TimeSpan MaxThrottleWait { get; init; } = TimeSpan.FromMinutes(15);
}
