namespace OptimoveDC.Emulator;

/// <summary>An upload batch: records that become queryable together. Counts may be read at any time.</summary>
public sealed class EmulatedBatch
{
    private readonly List<PendingRecord> _pending = [];
    private volatile bool _completed;
    private volatile int _pendingCount;
    private volatile int _requests;
    private volatile int _requestsAfterCompletion;
    private volatile int _repeatedClosings;

    internal EmulatedBatch(Guid id, EmulatedConnection connection)
    {
        Id = id;
        Connection = connection;
    }

    /// <summary>The <c>batch_uuid</c>: the client's, or made by the service for a request without one.</summary>
    public Guid Id { get; }

    /// <summary>The connection the batch belongs to; it may not be used with another.</summary>
    public EmulatedConnection Connection { get; }

    /// <summary>Whether the batch has been closed, and its records are queryable.</summary>
    public bool Completed => _completed;

    /// <summary>How many requests added something to the batch or closed it, the closing one included.</summary>
    public int Requests => _requests;

    /// <summary>How many records wait for the batch to be completed; a key that came twice counts twice.</summary>
    public int PendingRecords => _pendingCount;

    /// <summary>How many well-formed requests named the batch after it was completed, whatever they were answered.</summary>
    public int RequestsAfterCompletion => _requestsAfterCompletion;

    /// <summary>How many of <see cref="RequestsAfterCompletion"/> repeated the closing request byte for byte.</summary>
    public int RepeatedClosings => _repeatedClosings;

    internal byte[]? ClosingHash { get; private set; }

    internal int ClosingCount { get; private set; }

    internal void CountRequest() => _requests++;

    internal void CountAfterCompletion(bool repetition)
    {
        _requestsAfterCompletion++;
        if (repetition)
        {
            _repeatedClosings++;
        }
    }

    internal void Add(RecordItem item, int? timeToLiveSeconds)
    {
        _pending.Add(new PendingRecord(item.Key, item.Value, timeToLiveSeconds));
        _pendingCount = _pending.Count;
    }

    /// <summary>Closes the batch and hands over its records, in order of arrival.</summary>
    internal PendingRecord[] Complete(byte[]? closingHash, int closingCount)
    {
        var records = _pending.ToArray();
        _pending.Clear();
        _pending.TrimExcess();
        _pendingCount = 0;
        ClosingHash = closingHash;
        ClosingCount = closingCount;
        _completed = true;
        return records;
    }

    internal readonly record struct PendingRecord(RecordKey Key, JsonText Value, int? TimeToLiveSeconds);
}
