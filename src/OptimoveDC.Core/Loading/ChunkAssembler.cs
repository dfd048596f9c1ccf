using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>Fills chunks: full ones by count or by bytes are sealed, numbered, and wait to be handed over.</summary>
internal sealed class ChunkAssembler(LoadPlan plan, IRecordAccount ledger, ChunkPool pool)
{
    private readonly Queue<Chunk> _sealed = new();
    private Chunk _open = pool.Rent();
    private int _nextNumber;
    private int _stepBackTo;

    internal ChunkBuffer Body => _open.Body;

    /// <summary>True when a sealed chunk waits to be handed over.</summary>
    internal bool HasSealed => _sealed.Count > 0;

    internal bool TryTakeSealed([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Chunk? chunk) => _sealed.TryDequeue(out chunk);

    /// <summary>Makes room for an element at the end of the open chunk.</summary>
    /// <returns>Where it starts.</returns>
    internal int BeginElement()
    {
        _stepBackTo = _open.Body.Length;
        if (_open.Count > 0)
        {
            _open.Body.Append((byte)',');
        }

        return _open.Body.Length;
    }

    /// <summary>Takes the element back.</summary>
    internal void StepBack() => _open.Body.StepBackTo(_stepBackTo);

    internal void Commit(int elementStart, RecordKey key, long line, object? input)
    {
        ledger.CountRead();
        if (_open.Count > 0 && _open.Body.Length > plan.MaxChunkBytes)
        {
            elementStart = MoveToNextChunk(elementStart);
        }

        _open.Add(elementStart, key, line, input);
        if (_open.Count >= plan.BatchSize || _open.Body.Length >= plan.MaxChunkBytes)
        {
            Seal();
        }
    }

    internal void Reject(Rejection rejection)
    {
        ledger.CountRead();
        ledger.Reject(rejection);
    }

    /// <summary>Seals the open chunk, if it holds anything: the source is drained, or the load stops.</summary>
    internal void SealRest()
    {
        if (_open.Count > 0)
        {
            Seal();
        }
    }

    // The element is too much for the chunk it was written in: it becomes the first of the next one.
    private int MoveToNextChunk(int elementStart)
    {
        var full = _open;
        var element = full.Body.Slice(elementStart, full.Body.Length - elementStart);
        var next = pool.Rent();
        next.Body.Append(element);
        full.Body.StepBackTo(_stepBackTo);
        Seal(next);
        return 0;
    }

    private void Seal(Chunk? next = null)
    {
        _open.Seal(_nextNumber++);
        _sealed.Enqueue(_open);
        _open = next ?? pool.Rent();
    }
}
