using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>
/// Finds every key that comes twice, and every key that is nearly another, among any number of them. Keys that could
/// be either go to the same of 256 partitions, by the hash of their common form; partitions are spilled to a temporary
/// file as they fill, and looked through one at a time in the end. Keys are compared byte for byte, so that a hash
/// decides nothing. Memory: 8 MiB for the partitions being filled, and one partition while it is looked through, about
/// a 256th of all keys.
/// </summary>
internal sealed class KeyCensus(FindingLog log) : IDisposable
{
    private const int Partitions = 256;
    private const int BlockSize = 1 << 15;

    // Of each key: the hash of its form, its line, its length.
    private const int HeadSize = sizeof(ulong) + sizeof(long) + sizeof(int);

    private readonly KeySpill _spill = new(Partitions);
    private readonly byte[]?[] _blocks = new byte[Partitions][];
    private readonly int[] _used = new int[Partitions];
    private readonly int[] _counts = new int[Partitions];
    private readonly NearKey _near = new();
    private readonly KeyTally _text = new();
    private readonly KeyTally _numbers = new();
    private int _next;

    /// <summary>Different keys, as far as they have been looked through.</summary>
    internal long Distinct { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(ReadOnlySpan<byte> key, long line)
    {
        (key[0] == '"' ? _text : _numbers).Count(line);
        var hash = _near.HashOf(key);
        var partition = (int)(hash >> 56);
        var size = HeadSize + key.Length;
        var block = _blocks[partition] ??= new byte[BlockSize];
        if (_used[partition] + size > block.Length)
        {
            _spill.Write(partition, block.AsSpan(0, _used[partition]));
            _used[partition] = 0;
            if (size > block.Length)
            {
                _blocks[partition] = block = new byte[size];
            }
        }

        var entry = block.AsSpan(_used[partition], size);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, hash);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], line);
        BinaryPrimitives.WriteInt32LittleEndian(entry[16..], key.Length);
        key.CopyTo(entry[HeadSize..]);
        _used[partition] += size;
        _counts[partition]++;
    }

    /// <summary>Looks through the next partition.</summary>
    /// <returns>False when there was none left.</returns>
    internal bool LookThroughNext()
    {
        if (_next == Partitions)
        {
            ReportTypes();
            return false;
        }

        var partition = _next++;
        var spilled = _spill.LengthOf(partition);
        var length = checked((int)(spilled + _used[partition]));
        if (length > 0)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(length);
            _spill.Read(partition, bytes.AsSpan(0, (int)spilled));
            _blocks[partition].AsSpan(0, _used[partition]).CopyTo(bytes.AsSpan((int)spilled));
            LookThrough(bytes.AsSpan(0, length), _counts[partition]);
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _blocks[partition] = null;
        return true;
    }

    public void Dispose() => _spill.Dispose();

    // An open table of the first entry of each key. Keys of one form meet on their way through it, the earliest first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookThrough(ReadOnlySpan<byte> entries, int count)
    {
        var slots = ArrayPool<int>.Shared.Rent((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2));
        var mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2) - 1;
        slots.AsSpan(0, mask + 1).Fill(-1);
        for (var at = 0; at < entries.Length;)
        {
            var hash = HashAt(entries, at);
            var key = KeyAt(entries, at);
            var earliest = -1;
            var slot = (int)hash & mask;
            for (; slots[slot] >= 0; slot = (slot + 1) & mask)
            {
                var other = slots[slot];
                if (HashAt(entries, other) != hash)
                {
                    continue;
                }

                if (KeyAt(entries, other).SequenceEqual(key))
                {
                    ReportDuplicate(entries, at, other);
                    break;
                }

                earliest = earliest < 0 ? other : earliest;
            }

            if (slots[slot] < 0)
            {
                slots[slot] = at;
                Distinct++;
                if (earliest >= 0)
                {
                    ReportNear(entries, at, earliest);
                }
            }

            at += HeadSize + key.Length;
        }

        ArrayPool<int>.Shared.Return(slots);
    }

    private void ReportDuplicate(ReadOnlySpan<byte> entries, int at, int other)
    {
        var line = LineAt(entries, at);
        if (!log.TryCount(DataFindingKind.DuplicateKey, line))
        {
            var key = Show(KeyAt(entries, at));
            log.Add(DataFindingKind.DuplicateKey, line, $"the key {key} is that of line {LineAt(entries, other)} too, whose record it replaces", primaryKey: key);
        }
    }

    private void ReportNear(ReadOnlySpan<byte> entries, int at, int other)
    {
        var line = LineAt(entries, at);
        var key = KeyAt(entries, at);
        var near = KeyAt(entries, other);

        // Other keys can share the hash by chance.
        if (_near.AreNear(near, key) && !log.TryCount(DataFindingKind.NearDuplicateKey, line))
        {
            log.Add(
                DataFindingKind.NearDuplicateKey,
                line,
                $"the key {Show(key)} differs from {Show(near)} in line {LineAt(entries, other)} only in {NearKey.Difference(near, key)}; to the service they are two",
                primaryKey: Show(key));
        }
    }

    private void ReportTypes()
    {
        if (_text.Total == 0 || _numbers.Total == 0)
        {
            return;
        }

        var (few, many) = _text.Total < _numbers.Total ? (_text, _numbers) : (_numbers, _text);
        log.Add(
            DataFindingKind.MixedKeyTypes,
            few.FirstLine,
            $"{_numbers.Total} keys are numbers and {_text.Total} are text (the first {(few == _text ? "text" : "number")} in line {few.FirstLine}, the first {(many == _text ? "text" : "number")} in line {many.FirstLine}); -KeyType makes them one");
    }

    private static ulong HashAt(ReadOnlySpan<byte> entries, int at) => BinaryPrimitives.ReadUInt64LittleEndian(entries[at..]);

    private static long LineAt(ReadOnlySpan<byte> entries, int at) => BinaryPrimitives.ReadInt64LittleEndian(entries[(at + 8)..]);

    private static ReadOnlySpan<byte> KeyAt(ReadOnlySpan<byte> entries, int at) =>
        entries.Slice(at + HeadSize, BinaryPrimitives.ReadInt32LittleEndian(entries[(at + 16)..]));

    private static string Show(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key);
}
