namespace OptimoveDC.Core.Loading;

/// <summary>Counts the attempts that are copying a chunk's body to the network.</summary>
internal sealed class BodyReaders
{
    private int _count;

    internal bool Any => Volatile.Read(ref _count) > 0;

    internal void Enter() => Interlocked.Increment(ref _count);

    internal void Leave() => Interlocked.Decrement(ref _count);
}
