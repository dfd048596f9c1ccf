using System.Buffers.Binary;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>The keys that the source lacks, as a source of deletions.</summary>
internal sealed class MissingKeys(StateRecords records) : IRecordSource
{
    internal const string SourceName = "missing keys";
    private const int AtOnce = 1000;

    private readonly Queue<byte[]> _keys = new();
    private byte[] _last = [];
    private long _position;

    public string Name => SourceName;

    public long? TotalBytes => null;

    public long BytesRead => 0;

    public IReadOnlyList<string> FieldNames => [];

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
        {
            records.MissingAfter(_last, AtOnce).ForEach(_keys.Enqueue);
        }

        if (!_keys.TryDequeue(out var key))
        {
            return ValueTask.FromResult(false);
        }

        _last = key;
        var json = StateKey.JsonOf(key);
        writer.Begin(++_position);
        writer.Key.Copy(json, BinaryPrimitives.ReadUInt64BigEndian(key));
        writer.WriteData(default);
        writer.Commit();
        return ValueTask.FromResult(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
