using System.Buffers.Binary;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// The keys of a source, each with the hash of its record and its place, brought into the order of the state. They go
/// into 256 parts by the first byte of that order, which are spilled to a temporary file as they fill and sorted one at
/// a time. Memory: 8 MiB for the parts being filled, and one part while it is compared, about a 256th of all keys.
/// </summary>
internal sealed class SourceKeys : IDisposable
{
    internal const int Parts = 256;

    /// <summary>The place of a key whose record was refused before it could be sent: it is in the source, and no more.</summary>
    internal const long Refused = -1;

    // Of each key: its wait hash, the hash of its record, its place, its length.
    private const int HeadSize = sizeof(ulong) + 16 + sizeof(long) + sizeof(int);
    private const int BlockSize = 1 << 15;

    private readonly KeySpill _spill = new(Parts);
    private readonly byte[]?[] _blocks = new byte[Parts][];
    private readonly int[] _used = new int[Parts];
    private readonly int[] _counts = new int[Parts];
    private byte[] _entries = [];
    private int[] _offsets = [];
    private ulong[] _order = [];

    /// <summary>How many entries the part has that was sorted last.</summary>
    internal int Count { get; private set; }

    internal void Add(ulong waitHash, ReadOnlySpan<byte> json, UInt128 content, long place)
    {
        var part = (int)(waitHash >> 56);
        var size = HeadSize + json.Length;
        var block = _blocks[part] ??= new byte[BlockSize];
        if (_used[part] + size > block.Length)
        {
            _spill.Write(part, block.AsSpan(0, _used[part]));
            _used[part] = 0;
            if (size > block.Length)
            {
                _blocks[part] = block = new byte[size];
            }
        }

        var entry = block.AsSpan(_used[part], size);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, waitHash);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[8..], content);
        BinaryPrimitives.WriteInt64LittleEndian(entry[24..], place);
        BinaryPrimitives.WriteInt32LittleEndian(entry[32..], json.Length);
        json.CopyTo(entry[HeadSize..]);
        _used[part] += size;
        _counts[part]++;
    }

    /// <summary>Brings a part into order: by key, and by place where a key comes more than once.</summary>
    internal void Sort(int part)
    {
        var spilled = checked((int)_spill.LengthOf(part));
        var length = spilled + _used[part];
        if (_entries.Length < length)
        {
            _entries = GC.AllocateUninitializedArray<byte>(length + (length / 8));
        }

        _spill.Read(part, _entries.AsSpan(0, spilled));
        _blocks[part].AsSpan(0, _used[part]).CopyTo(_entries.AsSpan(spilled));
        _blocks[part] = null;
        Count = _counts[part];
        if (_offsets.Length < Count)
        {
            _offsets = new int[Count + (Count / 8)];
            _order = new ulong[_offsets.Length];
        }

        var at = 0;
        for (var entry = 0; entry < Count; entry++)
        {
            _offsets[entry] = at;
            _order[entry] = BinaryPrimitives.ReadUInt64LittleEndian(_entries.AsSpan(at));
            at += HeadSize + BinaryPrimitives.ReadInt32LittleEndian(_entries.AsSpan(at + 32));
        }

        Array.Sort(_order, _offsets, 0, Count);
        for (var from = 0; from < Count; from++)
        {
            var to = from + 1;
            while (to < Count && _order[to] == _order[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                _offsets.AsSpan(from, to - from).Sort(CompareAlike);
            }

            from = to - 1;
        }
    }

    internal ulong WaitHash(int entry) => _order[entry];

    internal UInt128 Content(int entry) => BinaryPrimitives.ReadUInt128LittleEndian(_entries.AsSpan(_offsets[entry] + 8));

    internal long Place(int entry) => PlaceAt(_offsets[entry]);

    internal ReadOnlySpan<byte> Json(int entry) => JsonAt(_offsets[entry]);

    public void Dispose() => _spill.Dispose();

    private int CompareAlike(int left, int right)
    {
        var byKey = JsonAt(left).SequenceCompareTo(JsonAt(right));
        return byKey != 0 ? byKey : PlaceAt(left).CompareTo(PlaceAt(right));
    }

    private long PlaceAt(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_entries.AsSpan(offset + 24));

    private ReadOnlySpan<byte> JsonAt(int offset) =>
        _entries.AsSpan(offset + HeadSize, BinaryPrimitives.ReadInt32LittleEndian(_entries.AsSpan(offset + 32)));
}
