namespace OptimoveDC.Core.Loading.Shards;

/// <summary>
/// The last records of a source by the last row of their key: what a batch can be completed with when nothing of one's
/// own was accepted. No key is in it with an older value, so sending one again never takes a newer value back.
/// </summary>
internal sealed class SourceTail
{
    /// <summary>So many keys are kept: if the service refuses all of those, the batch stays open.</summary>
    internal const int MostKeys = 20;

    private readonly Entry[] _entries = new Entry[MostKeys];
    private int _count;

    /// <summary>The records, the last of the source first.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> FromTheEnd
    {
        get
        {
            for (var entry = _count - 1; entry >= 0; entry--)
            {
                yield return _entries[entry].Element;
            }
        }
    }

    /// <summary>Takes the next record of the source.</summary>
    /// <param name="keyHash">Equal for equal keys.</param>
    /// <param name="element">The record as it would be sent; it is copied.</param>
    internal void Add(ulong keyHash, ReadOnlySpan<byte> element)
    {
        var place = PlaceOf(keyHash);
        Entry taken;
        if (place >= 0)
        {
            taken = _entries[place];
        }
        else if (_count < MostKeys)
        {
            place = _count++;
            taken = new Entry();
        }
        else
        {
            place = 0;
            taken = _entries[0];
        }

        Array.Copy(_entries, place + 1, _entries, place, _count - 1 - place);
        _entries[_count - 1] = taken;
        taken.Set(keyHash, element);
    }

    private int PlaceOf(ulong keyHash)
    {
        var place = _count - 1;
        while (place >= 0 && _entries[place].KeyHash != keyHash)
        {
            place--;
        }

        return place;
    }

    // Its memory is used again for the next record that takes its place.
    private sealed class Entry
    {
        private byte[] _bytes = [];
        private int _length;

        internal ulong KeyHash { get; private set; }

        internal ReadOnlyMemory<byte> Element => _bytes.AsMemory(0, _length);

        internal void Set(ulong keyHash, ReadOnlySpan<byte> element)
        {
            if (_bytes.Length < element.Length)
            {
                _bytes = new byte[element.Length * 2];
            }

            element.CopyTo(_bytes);
            (KeyHash, _length) = (keyHash, element.Length);
        }
    }
}
