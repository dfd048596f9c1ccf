namespace OptimoveDC.Emulator;

/// <summary>A record as the service holds it. Never changes: a write replaces it whole.</summary>
public sealed class StoredRecord
{
    private readonly RecordKey _key;
    private readonly JsonText _value;

    internal StoredRecord(RecordKey key, JsonText value, int? timeToLiveSeconds, DateTimeOffset storedAt, Guid? batchId, long order)
    {
        _key = key;
        _value = value;
        TimeToLiveSeconds = timeToLiveSeconds;
        StoredAt = storedAt;
        ExpiresAt = timeToLiveSeconds is { } seconds ? storedAt.AddSeconds(seconds) : null;
        BatchId = batchId;
        Order = order;
    }

    /// <summary>The primary key as raw JSON: <c>54490</c> or <c>"54490"</c>.</summary>
    public string KeyJson => _key.Json;

    /// <summary>The record, or the <c>data</c> of an update, exactly as it arrived. Decoded at each call.</summary>
    public string Json => _value.ToString();

    /// <summary>The time to live the request gave, in seconds; null for one that never expires.</summary>
    public int? TimeToLiveSeconds { get; }

    /// <summary>When the record became queryable: for a batch in parts, when the batch was completed.</summary>
    public DateTimeOffset StoredAt { get; }

    /// <summary>The first moment at which the record is gone; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The batch that brought the record; null for an update or a fetch.</summary>
    public Guid? BatchId { get; }

    internal RecordKey Key => _key;

    internal long Order { get; }

    internal bool IsAlive(DateTimeOffset now) => ExpiresAt is not { } end || now < end;
}
