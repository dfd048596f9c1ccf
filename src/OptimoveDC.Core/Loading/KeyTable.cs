namespace OptimoveDC.Core.Loading;

/// <summary>The keys of one chunk: an open-addressing table of record numbers, kept from chunk to chunk.</summary>
internal sealed class KeyTable
{
    private const int Empty = -1;
    private int[] _slots = NewSlots(64);
    private int _count;

    internal void Clear()
    {
        Array.Fill(_slots, Empty);
        _count = 0;
    }

    /// <summary>Notes a record under its key.</summary>
    /// <returns>The earlier record of the very same key that it replaces, or -1.</returns>
    internal int Put(Chunk chunk, int record)
    {
        if ((_count + 1) * 2 > _slots.Length)
        {
            Grow(chunk);
        }

        var hash = chunk.RecordAt(record).WaitHash;
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        for (; _slots[slot] != Empty; slot = (slot + 1) & mask)
        {
            var other = _slots[slot];
            if (chunk.RecordAt(other).WaitHash == hash && chunk.KeyOf(other).SequenceEqual(chunk.KeyOf(record)))
            {
                _slots[slot] = record;
                return other;
            }
        }

        _slots[slot] = record;
        _count++;
        return Empty;
    }

    /// <summary>Whether a key that may be the same to the service is in the chunk.</summary>
    internal bool Contains(Chunk chunk, ulong waitHash)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)waitHash & mask; _slots[slot] != Empty; slot = (slot + 1) & mask)
        {
            if (chunk.RecordAt(_slots[slot]).WaitHash == waitHash)
            {
                return true;
            }
        }

        return false;
    }

    private static int[] NewSlots(int size)
    {
        var slots = new int[size];
        Array.Fill(slots, Empty);
        return slots;
    }

    private void Grow(Chunk chunk)
    {
        var old = _slots;
        _slots = NewSlots(old.Length * 2);
        var mask = _slots.Length - 1;
        foreach (var record in old)
        {
            if (record == Empty)
            {
                continue;
            }

            var slot = (int)chunk.RecordAt(record).WaitHash & mask;
            while (_slots[slot] != Empty)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = record;
        }
    }
}
