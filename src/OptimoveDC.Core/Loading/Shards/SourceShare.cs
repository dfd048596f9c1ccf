using System.Text;

namespace OptimoveDC.Core.Loading.Shards;

/// <summary>What a load takes of its source where others take the rest: rows of other shards are passed over, uncounted.</summary>
/// <param name="shard">The part that is taken.</param>
/// <param name="tail">Keeps the last records of the others, for a load that has to complete the batch; null for all others.</param>
internal sealed class SourceShare(Shard shard, SourceTail? tail)
{
    private long _passedOver;

    /// <summary>The last records of other shards; null where they are not needed.</summary>
    internal SourceTail? Tail => tail;

    /// <summary>How many rows of other shards were read.</summary>
    internal long PassedOver => Interlocked.Read(ref _passedOver);

    /// <summary>Decides about a record that could be sent.</summary>
    /// <param name="keyJson">Its key.</param>
    /// <param name="element">The record as it would be sent.</param>
    /// <returns>True when another shard sends it.</returns>
    internal bool PassesOver(ReadOnlySpan<byte> keyJson, ReadOnlySpan<byte> element)
    {
        var hash = Shard.HashOf(keyJson);
        if (shard.Owns(hash))
        {
            return false;
        }

        tail?.Add(hash, element);
        Interlocked.Increment(ref _passedOver);
        return true;
    }

    /// <summary>Decides about a row that can't be sent: it is reported by one shard and no other.</summary>
    /// <returns>True when another shard reports it.</returns>
    internal bool PassesOver(Rejection rejection)
    {
        if (shard.Owns(rejection.PrimaryKey is { } key ? Encoding.UTF8.GetBytes(key) : []))
        {
            return false;
        }

        Interlocked.Increment(ref _passedOver);
        return true;
    }
}
