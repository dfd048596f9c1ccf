namespace OptimoveDC.Emulator;

/// <summary>The queryable records of one connection. Every member is called under the service's lock.</summary>
internal sealed class RecordTable
{
    private Dictionary<RecordKey, StoredRecord> _records = new(RecordKey.Comparer(KeyIdentity.Distinct));
    private KeyIdentity _identity;
    private long _order;

    public void Identify(KeyIdentity identity)
    {
        if (identity == _identity)
        {
            return;
        }

        _identity = identity;
        var inOrder = _records.Values.OrderBy(record => record.Order).ToArray();
        _records = new(RecordKey.Comparer(identity));
        foreach (var record in inOrder)
        {
            _records[record.Key] = record;
        }
    }

    public StoredRecord Put(RecordKey key, JsonText value, int? timeToLiveSeconds, DateTimeOffset now, Guid? batchId)
    {
        var record = new StoredRecord(key, value, timeToLiveSeconds, now, batchId, ++_order);
        _records[key] = record;
        return record;
    }

    public StoredRecord? Find(RecordKey key, DateTimeOffset now) =>
        _records.TryGetValue(key, out var record) && record.IsAlive(now) ? record : null;

    public bool Remove(RecordKey key, DateTimeOffset now) =>
        _records.Remove(key, out var record) && record.IsAlive(now);

    public void Clear() => _records.Clear();

    public StoredRecord[] Alive(DateTimeOffset now) =>
        [.. _records.Values.Where(record => record.IsAlive(now)).OrderBy(record => record.Order)];
}
