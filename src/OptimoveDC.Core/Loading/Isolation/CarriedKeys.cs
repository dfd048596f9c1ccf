namespace OptimoveDC.Core.Loading.Isolation;

/// <summary>
/// The keys that delete requests of this load have carried. A key that is refused after an earlier request carried it
/// may be gone because of that one: its refusal is no news. About 30 bytes a key; exact but for equal hashes of 64 bits.
/// </summary>
internal sealed class CarriedKeys
{
    private readonly HashSet<ulong> _keys = [];

    /// <summary>Notes the keys of a chunk before its first request goes.</summary>
    /// <returns>True when every one of them had been carried before.</returns>
    internal bool Carry(Chunk chunk)
    {
        lock (_keys)
        {
            var known = true;
            foreach (var record in chunk.Live)
            {
                known &= !_keys.Add(chunk.RecordAt(record).WaitHash);
            }

            return known;
        }
    }
}
