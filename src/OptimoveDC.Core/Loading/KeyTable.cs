using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Loading;

/// <summary>The keys of one chunk: an open-addressing table of record numbers, kept from chunk to chunk.</summary>
/// <remarks>
/// A slot has the upper half of the key's hash beside the record's number, so that most looks end in the table itself
/// and do not touch the records.
/// </remarks>
internal sealed class KeyTable
{
    private const ulong Empty = 0;
    private const int BitsASlot = 8;
    private ulong[] _slots = new ulong[64];
    private ulong[] _present = new ulong[64 * BitsASlot / 64];
    private int _count;

    internal void Clear()
    {
        Array.Clear(_slots);
        Array.Clear(_present);
        _count = 0;
    }

    /// <summary>Notes a record under its key.</summary>
    /// <returns>The earlier record of the very same key that it replaces, or -1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Put(Chunk chunk, int record)
    {
        if ((_count + 1) * 4 > _slots.Length * 3)
        {
            Grow(chunk);
        }

        var slots = _slots;
        var hash = chunk.RecordAt(record).WaitHash;
        var mask = slots.Length - 1;
        var at = (int)hash & mask;
        for (; slots[at] != Empty; at = (at + 1) & mask)
        {
            if (!HasHashOf(slots[at], hash))
            {
                continue;
            }

            var other = RecordOf(slots[at]);
            if (chunk.RecordAt(other).WaitHash == hash && chunk.KeyOf(other).SequenceEqual(chunk.KeyOf(record)))
            {
                slots[at] = SlotOf(hash, record);
                return other;
            }
        }

        slots[at] = SlotOf(hash, record);
        MarkPresent(hash);
        _count++;
        return -1;
    }

    /// <summary>Whether a key that may be the same to the service is in the chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Contains(Chunk chunk, ulong waitHash)
    {
        // Nearly always the answer is no, and a bit in a field that fits the processor's cache is enough to say so.
        if (!MayBePresent(waitHash))
        {
            return false;
        }

        var slots = _slots;
        var mask = slots.Length - 1;
        for (var at = (int)waitHash & mask; slots[at] != Empty; at = (at + 1) & mask)
        {
            if (HasHashOf(slots[at], waitHash) && chunk.RecordAt(RecordOf(slots[at])).WaitHash == waitHash)
            {
                return true;
            }
        }

        return false;
    }

    // The number is kept as one more than it is: a slot of nothing but zeros is an empty one.
    private static ulong SlotOf(ulong hash, int record) => (hash & 0xFFFFFFFF00000000) | (uint)(record + 1);

    private static int RecordOf(ulong slot) => (int)(uint)slot - 1;

    private static bool HasHashOf(ulong slot, ulong hash) => (slot ^ hash) >> 32 == 0;

    private void MarkPresent(ulong hash) => _present[WordOf(hash)] |= 1UL << (int)(hash & 63);

    private bool MayBePresent(ulong hash) => (_present[WordOf(hash)] >> (int)(hash & 63) & 1) != 0;

    private int WordOf(ulong hash) => (int)(hash >> 6) & (_present.Length - 1);

    private void Grow(Chunk chunk)
    {
        var old = _slots;
        _slots = new ulong[old.Length * 2];
        _present = new ulong[_slots.Length * BitsASlot / 64];
        var mask = _slots.Length - 1;
        foreach (var slot in old)
        {
            if (slot == Empty)
            {
                continue;
            }

            var hash = chunk.RecordAt(RecordOf(slot)).WaitHash;
            MarkPresent(hash);
            var at = (int)hash & mask;
            while (_slots[at] != Empty)
            {
                at = (at + 1) & mask;
            }

            _slots[at] = slot;
        }
    }
}
