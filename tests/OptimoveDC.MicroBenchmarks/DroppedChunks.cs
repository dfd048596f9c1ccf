using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;

namespace OptimoveDC.MicroBenchmarks;

/// <summary>The loading engine up to where a chunk is full: full chunks go back to the pool instead of to the network.</summary>
internal sealed class DroppedChunks : IDisposable
{
    private readonly ChunkPool _pool = new();
    private readonly ChunkAssembler _assembler;

    internal DroppedChunks()
    {
        var plan = new LoadPlan
        {
            Envelope = new UploadEnvelope(Guid.Empty, timeToLiveSeconds: null),
            Source = "benchmark",
            DataConnectionId = Guid.Empty,
        };
        _assembler = new ChunkAssembler(plan, new Ledger(plan.MaxReject, new LoadHalt(), _ => { }), _pool, ranges: null);
        Writer = new RecordWriter(plan.Envelope, plan.KeyType, _assembler);
    }

    internal RecordWriter Writer { get; }

    /// <summary>How many chunks were full so far.</summary>
    internal int Chunks { get; private set; }

    /// <summary>Call it after each record.</summary>
    internal void Drop()
    {
        while (_assembler.TryTakeSealed(out var chunk))
        {
            Chunks++;
            _pool.Return(chunk);
        }
    }

    public void Dispose()
    {
        Writer.Dispose();
        _pool.Dispose();
    }
}
