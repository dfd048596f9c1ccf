using System.Collections.Concurrent;

namespace OptimoveDC.Core.Loading;

/// <summary>Lends out chunks and takes them back, so that a long load allocates only what is in flight at once.</summary>
internal sealed class ChunkPool : IDisposable
{
    // The last one back is the first one out: its memory is the likeliest to be in the processor's cache still.
    private readonly ConcurrentStack<Chunk> _idle = [];
    private volatile bool _disposed;

    internal Chunk Rent() => _idle.TryPop(out var chunk) ? chunk : new Chunk();

    internal void Return(Chunk chunk)
    {
        if (_disposed)
        {
            chunk.Release();
            return;
        }

        chunk.Reset();
        _idle.Push(chunk);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var chunk))
        {
            chunk.Release();
        }
    }
}
