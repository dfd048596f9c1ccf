using System.Collections.Concurrent;

namespace OptimoveDC.Core.Loading;

/// <summary>Lends out chunks and takes them back, so that a long load allocates only what is in flight at once.</summary>
internal sealed class ChunkPool : IDisposable
{
    private readonly ConcurrentBag<Chunk> _idle = [];
    private volatile bool _disposed;

    internal Chunk Rent() => _idle.TryTake(out var chunk) ? chunk : new Chunk();

    internal void Return(Chunk chunk)
    {
        if (_disposed)
        {
            chunk.Release();
            return;
        }

        chunk.Reset();
        _idle.Add(chunk);
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var chunk))
        {
            chunk.Release();
        }
    }
}
