using System.Diagnostics.CodeAnalysis;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// Fills chunks: full ones by count or by bytes are sealed, numbered, and wait to be handed over. A source that is
/// read again is cut where it was cut before.
/// </summary>
internal sealed class ChunkAssembler(LoadPlan plan, Ledger ledger, LoadHalt halt, ChunkPool pool, CheckpointLog? log, SourceReplay? replay)
{
    // So many chunks wait until the whole of what was read before is known to be the same; more would be too much memory.
    private const int MostHeldBack = 64;

    private readonly Queue<Chunk> _sealed = new();
    private readonly RangeReader? _range = log is null ? null : new RangeReader();
    private Chunk _open = pool.Rent();
    private int _nextNumber;
    private int _stepBackTo;

    internal ChunkBuffer Body => _open.Body;

    /// <summary>True when a sealed chunk waits to be handed over.</summary>
    internal bool HasSealed => _sealed.Count > 0
        && (replay is not { IsVerifying: true } || halt.IsHalted || _sealed.Count > MostHeldBack || _sealed.Peek().IsDecided);

    internal bool TryTakeSealed([NotNullWhen(true)] out Chunk? chunk)
    {
        chunk = null;
        return HasSealed && _sealed.TryDequeue(out chunk);
    }

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
        CheckMore(line);
        if (replay is not { IsVerifying: true } && _open.Count > 0 && _open.Body.Length > plan.MaxChunkBytes)
        {
            elementStart = MoveToNextChunk(elementStart);
        }

        _range?.AddRow(line);
        _open.Add(elementStart, key, line, input);
        SealIfFull();
    }

    internal void Reject(Rejection rejection)
    {
        ledger.CountRead();
        CheckMore(rejection.Line);
        _range?.AddRejected(rejection, _open.Count);
        ledger.Reject(rejection);
        if (replay is { IsVerifying: true })
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

        if (isDrained && replay?.VerifyEnd() is { } changed)
        {
            Refuse(changed);
        }
    }

    private void SealIfFull()
    {
        var isFull = replay?.RowsOfRange is { } rows
            ? _range!.Rows >= rows && _open.Count > 0
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
        var chunk = _open;
        chunk.Seal(_nextNumber, _range?.End(chunk.Body.Slice(0, chunk.Body.Length)));
        if (replay is { IsVerifying: true })
        {
            Verify(chunk);
        }
        else
        {
            log?.TryWrite(new CheckpointLine { Kind = CheckpointLine.Sealed, Chunk = chunk.Number, Range = chunk.Range });
        }

        _nextNumber++;
        _sealed.Enqueue(chunk);
        _open = next ?? pool.Rent();
    }

    private void Verify(Chunk chunk)
    {
        if (replay!.Verify(chunk) is { } changed)
        {
            Refuse(changed);
            return;
        }

        chunk.FindLive();
        foreach (var rejection in replay.RejectionsOf(chunk))
        {
            ledger.RejectAgain(rejection);
        }
    }

    private void CheckMore(long line)
    {
        if (replay?.VerifyMore(line) is { } changed)
        {
            Refuse(changed);
        }
    }

    private void Refuse(CheckpointException changed)
    {
        // The file describes the source as it should be: it stays as it is.
        log?.Freeze();
        halt.Halt(changed);
    }
}
