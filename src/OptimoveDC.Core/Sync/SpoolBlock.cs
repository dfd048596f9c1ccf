using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// Entries of a spool, as they lie in its file one after the other: records, and rows that were refused. The numbers are
/// of fixed width, in the order of bytes that is the same on every machine.
/// </summary>
internal sealed class SpoolBlock
{
    private const byte RecordEntry = 1;
    private const byte RejectEntry = 2;
    private const int NoText = -1;

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private int _at;

    internal ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    internal bool HasMore => _at < _bytes.WrittenCount;

    /// <summary>Forgets all entries.</summary>
    internal void Clear()
    {
        _bytes.ResetWrittenCount();
        _at = 0;
    }

    /// <summary>Makes room for bytes that are read into it.</summary>
    internal Memory<byte> Reserve(int length)
    {
        Clear();
        var memory = _bytes.GetMemory(length)[..length];
        _bytes.Advance(length);
        return memory;
    }

    /// <summary>Adds a record of a chunk.</summary>
    internal void Add(Chunk chunk, int record)
    {
        ref var at = ref chunk.RecordAt(record);
        AddHead(RecordEntry, at.Line);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), at.WaitHash);
        Add(chunk.KeyOf(record));
        Add(chunk.ElementOf(record));
    }

    /// <summary>Adds a row that was refused.</summary>
    internal void Add(Rejection rejection)
    {
        AddHead(RejectEntry, rejection.Line);
        AddNumber((int)(rejection.Fault ?? RecordFault.Value));
        AddNumber(rejection.IsIncomplete ? 1 : 0);
        Add(rejection.PrimaryKey);
        Add(rejection.Record);
        Add(rejection.Reason);
    }

    /// <summary>Writes the next entry as the record or the reject that it was.</summary>
    internal void Replay(RecordWriter writer)
    {
        var kind = Next(1)[0];
        writer.Begin(BinaryPrimitives.ReadInt64LittleEndian(Next(sizeof(long))));
        if (kind == RecordEntry)
        {
            var waitHash = BinaryPrimitives.ReadUInt64LittleEndian(Next(sizeof(ulong)));
            writer.Key.Copy(Next(NextNumber()), waitHash);
            writer.WriteData(Next(NextNumber()));
            writer.Commit();
            return;
        }

        var fault = (RecordFault)NextNumber();
        var isIncomplete = NextNumber() != 0;
        if (NextText() is { } key)
        {
            // Nothing waits for a reject, so the hash is of no use.
            writer.Key.Copy(Encoding.UTF8.GetBytes(key), 0);
        }

        var record = NextText();
        writer.Reject(NextText()!, record, fault, isIncomplete);
    }

    private void AddHead(byte kind, long line)
    {
        Take(1)[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), line);
    }

    private void AddNumber(int number) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), number);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        AddNumber(bytes.Length);
        _bytes.Write(bytes);
    }

    private void Add(string? text)
    {
        if (text is null)
        {
            AddNumber(NoText);
            return;
        }

        Add(Encoding.UTF8.GetBytes(text));
    }

    private Span<byte> Take(int length)
    {
        var span = _bytes.GetSpan(length)[..length];
        _bytes.Advance(length);
        return span;
    }

    private ReadOnlySpan<byte> Next(int length)
    {
        var span = _bytes.WrittenSpan.Slice(_at, length);
        _at += length;
        return span;
    }

    private int NextNumber() => BinaryPrimitives.ReadInt32LittleEndian(Next(sizeof(int)));

    private string? NextText() => NextNumber() is >= 0 and var length ? Encoding.UTF8.GetString(Next(length)) : null;
}
