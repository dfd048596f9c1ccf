using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Rejects;

namespace OptimoveDC.Core.Sync;

/// <summary>What a sync is to do.</summary>
public sealed record SyncPlan
{
    /// <summary>How many of the known keys may be deleted at once, in percent, unless told otherwise.</summary>
    public const double DefaultMaxDeletePercent = 5;

    /// <summary>The source that is read: the path of a file, or the name of another source.</summary>
    public required string Source { get; init; }

    /// <summary>The file that remembers what the Data Connection holds; made with the first sync.</summary>
    public required string StatePath { get; init; }

    /// <summary>The Data Connection to keep current.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>How primary keys are written.</summary>
    public KeyType KeyType { get; init; }

    /// <summary>After how many seconds the records expire; null for never.</summary>
    public int? TimeToLiveSeconds { get; init; }

    /// <summary>An unchanged record is sent again when it may expire within this time; null for half the time-to-live.</summary>
    public TimeSpan? RefreshWithin { get; init; }

    /// <summary>Deletes what the source lacks.</summary>
    public bool DeleteMissing { get; init; }

    /// <summary>Why the source may not be whole, as the end of a sentence, so that nothing that it lacks is deleted; null when it is.</summary>
    public string? IncompleteBecause { get; init; }

    /// <summary>How many of the known keys may be deleted, in percent; more stops the sync before its first request.</summary>
    public double MaxDeletePercent { get; init; } = DefaultMaxDeletePercent;

    /// <summary>Sends every record, whatever the state says.</summary>
    public bool Full { get; init; }

    /// <summary>The options that say which keys there are, by the names of their parameters: another one needs another state.</summary>
    public IReadOnlyDictionary<string, string> KeyOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>The options that say what is sent for a key, by the names of their parameters: another one needs all to be sent again.</summary>
    public IReadOnlyDictionary<string, string> ContentOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>The most records in an upload.</summary>
    public int BatchSize { get; init; } = LoadPlan.UploadCeiling;

    /// <summary>The most keys in a delete.</summary>
    public int DeleteBatchSize { get; init; } = LoadPlan.DefaultKeyedBatchSize;

    /// <summary>The most requests under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>How many records may be rejected before the sync stops.</summary>
    public RejectLimit MaxReject { get; init; } = RejectLimit.Default;

    /// <summary>Where rejected records are kept; null when nobody asked for a file.</summary>
    public RejectFile? RejectFile { get; init; }

    /// <summary>How long «slow down» may be obeyed without one accepted request, before the sync is given up.</summary>
    public TimeSpan MaxThrottleWait { get; init; } = TimeSpan.FromMinutes(15);
}
