using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Sync;

/// <summary>A part of a source's keys in order. Kept and filled anew.</summary>
internal sealed class SortedKeys
{
    /// <summary>Of each key: its wait hash, the hash of its record, its place, its length.</summary>
    internal const int HeadSize = LengthAt + sizeof(int);

    private const int ContentAt = sizeof(ulong);
    private const int PlaceAt = ContentAt + 16;
    private const int LengthAt = PlaceAt + sizeof(long);

    private byte[] _entries = [];
    private int[] _offsets = [];
    private ulong[] _order = [];

    /// <summary>How many there are; a key that comes more than once counts each time.</summary>
    internal int Count { get; private set; }

    /// <summary>Writes an entry.</summary>
    internal static void Write(Span<byte> entry, ulong waitHash, ReadOnlySpan<byte> json, UInt128 content, long place)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(entry, waitHash);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[ContentAt..], content);
        BinaryPrimitives.WriteInt64LittleEndian(entry[PlaceAt..], place);
        BinaryPrimitives.WriteInt32LittleEndian(entry[LengthAt..], json.Length);
        json.CopyTo(entry[HeadSize..]);
    }

    /// <summary>Makes room for entries that are to be sorted.</summary>
    internal Span<byte> Reserve(int length)
    {
        if (_entries.Length < length)
        {
            _entries = GC.AllocateUninitializedArray<byte>(length + (length / 8));
        }

        return _entries.AsSpan(0, length);
    }

    /// <summary>Sorts the entries that were written into the room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Sort(int count)
    {
        Count = count;
        if (_offsets.Length < count)
        {
            _offsets = new int[count + (count / 8)];
            _order = new ulong[_offsets.Length];
        }

        var at = 0;
        for (var entry = 0; entry < count; entry++)
        {
            _offsets[entry] = at;
            _order[entry] = BinaryPrimitives.ReadUInt64LittleEndian(_entries.AsSpan(at));
            at += HeadSize + LengthOf(at);
        }

        Array.Sort(_order, _offsets, 0, count);
        for (var from = 0; from < count;)
        {
            var to = from + 1;
            while (to < count && _order[to] == _order[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                _offsets.AsSpan(from, to - from).Sort(CompareAlike);
            }

            from = to;
        }
    }

    internal ulong WaitHash(int entry) => _order[entry];

    internal UInt128 Content(int entry) => BinaryPrimitives.ReadUInt128LittleEndian(_entries.AsSpan(_offsets[entry] + ContentAt));

    internal long Place(int entry) => PlaceOf(_offsets[entry]);

    internal ReadOnlySpan<byte> Json(int entry) => JsonOf(_offsets[entry]);

    private int CompareAlike(int left, int right)
    {
        var byKey = JsonOf(left).SequenceCompareTo(JsonOf(right));
        return byKey != 0 ? byKey : PlaceOf(left).CompareTo(PlaceOf(right));
    }

    private long PlaceOf(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_entries.AsSpan(offset + PlaceAt));

    private int LengthOf(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_entries.AsSpan(offset + LengthAt));

    private ReadOnlySpan<byte> JsonOf(int offset) => _entries.AsSpan(offset + HeadSize, LengthOf(offset));
}
