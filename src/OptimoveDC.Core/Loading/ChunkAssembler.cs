using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// Fills chunks: full ones by count or by bytes are sealed, numbered, and wait to be handed over. A source that is
/// read again is cut where it was cut before.
/// </summary>
internal sealed class ChunkAssembler(LoadPlan plan, IRecordAccount account, ChunkPool pool, RangeKeeper? ranges, SourceShare? share = null)
{
    private readonly Queue<Chunk> _sealed = new();
    private Chunk _open = pool.Rent();
    private int _nextNumber;
    private int _stepBackTo;

    internal ChunkBuffer Body => _open.Body;

    /// <summary>True when a sealed chunk waits to be handed over.</summary>
    internal bool HasSealed => _sealed.Count > 0 && ranges?.HoldsBack(_sealed) != true;

    internal bool TryTakeSealed([NotNullWhen(true)] out Chunk? chunk)
    {
        chunk = null;
        return HasSealed && _sealed.TryDequeue(out chunk);
    }

    /// <summary>Makes room for an element at the end of the open chunk.</summary>
    /// <returns>Where it starts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Commit(int elementStart, RecordKey key, long line)
    {
        if (share?.PassesOver(key.Json, _open.Body.Slice(elementStart, _open.Body.Length - elementStart)) == true)
        {
            StepBack();
            return;
        }

        account.CountRead();
        if (ranges?.RowsOfRange is null && _open.Count > 0 && _open.Body.Length > plan.MaxChunkBytes)
        {
            elementStart = MoveToNextChunk(elementStart);
        }

        ranges?.AddRow(line);
        _open.Add(elementStart, key, line);
        SealIfFull();
    }

    internal void Reject(Rejection rejection)
    {
        if (share?.PassesOver(rejection) == true)
        {
            return;
        }

        account.CountRead();
        ranges?.AddRejected(rejection, _open.Count);
        account.Reject(rejection);
        if (ranges?.RowsOfRange is not null)
        {
            SealIfFull();
        }
    }

    /// <summary>Seals the open chunk, if it holds anything: the source is drained, or the load stops.</summary>
    /// <param name="isDrained">True at the end of the source.</param>
    internal void SealRest(bool isDrained)
    {
        if (_open.Count > 0)
        {
            Seal();
        }

        if (isDrained)
        {
            ranges?.VerifyEnd();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SealIfFull()
    {
        var isFull = ranges?.RowsOfRange is { } rows
            ? ranges.Rows >= rows && _open.Count > 0
            : _open.Count >= plan.BatchSize || _open.Body.Length >= plan.MaxChunkBytes;
        if (isFull)
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
        ranges?.Keep(_open);
        _sealed.Enqueue(_open);
        _open = next ?? pool.Rent();
    }
}
