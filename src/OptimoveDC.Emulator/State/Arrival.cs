namespace OptimoveDC.Emulator;

/// <summary>One key, and its value, reaching the service in a well-formed request.</summary>
public sealed class Arrival
{
    private readonly JsonText? _value;

    internal Arrival(long sequence, long requestSequence, EmulatedConnection connection, RecordOperation operation, Guid? batchId, RecordItem item, bool accepted)
    {
        Sequence = sequence;
        RequestSequence = requestSequence;
        ConnectionId = connection.Id;
        Operation = operation;
        BatchId = batchId;
        KeyJson = item.KeyJson;
        _value = operation == RecordOperation.Delete ? null : item.Value;
        Accepted = accepted;
    }

    /// <summary>From 1, over the whole service, in the order in which arrivals were applied or refused.</summary>
    public long Sequence { get; }

    /// <summary>The <see cref="LoggedRequest.Sequence"/> of the request that brought it.</summary>
    public long RequestSequence { get; }

    /// <summary>The connection it was meant for.</summary>
    public Guid ConnectionId { get; }

    /// <summary>Which write it was.</summary>
    public RecordOperation Operation { get; }

    /// <summary>The batch of an upload; null when the service was given none and refused, and for other writes.</summary>
    public Guid? BatchId { get; }

    /// <summary>The key as raw JSON; <c>null</c> where it is missing.</summary>
    public string KeyJson { get; }

    /// <summary>The record or <c>data</c> as raw JSON; null for a delete. Decoded at each call.</summary>
    public string? ValueJson => _value?.ToString();

    /// <summary>
    /// Whether it took effect: stored, added to an open batch, or deleted. False for a refused item, for an absent key, and
    /// for a repeated closing request, which is answered with success but changes nothing.
    /// </summary>
    public bool Accepted { get; }
}
