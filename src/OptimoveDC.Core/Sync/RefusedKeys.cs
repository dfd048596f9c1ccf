using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Sync;

/// <summary>The keys of the records that the service refused, as the state orders them.</summary>
internal sealed class RefusedKeys
{
    private readonly List<byte[]> _keys = [];

    /// <summary>The keys. Ask once the load is over.</summary>
    internal IReadOnlyCollection<byte[]> Keys => _keys;

    /// <summary>Takes those of a chunk whose outcome is decided.</summary>
    internal void Take(Chunk chunk)
    {
        foreach (var record in chunk.Live)
        {
            ref var refused = ref chunk.RecordAt(record);
            if (refused.Outcome != RecordOutcome.Rejected)
            {
                continue;
            }

            var json = chunk.KeyOf(record);
            var key = new byte[StateKey.LengthOf(json)];
            StateKey.Write(key, refused.WaitHash, json);
            lock (_keys)
            {
                _keys.Add(key);
            }
        }
    }
}
