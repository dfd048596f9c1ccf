using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Isolation;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Observability;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// Keeps up to <see cref="LoadPlan.ThrottleLimit"/> chunks in flight. A chunk that shares a key with an earlier one
/// which is not resolved yet waits for it, so that no older value ever overtakes a newer one.
/// </summary>
internal sealed class Dispatcher(
    LoadPlan plan,
    Ledger ledger,
    LoadHalt halt,
    ChunkSender sender,
    ChunkPool pool,
    CheckpointLog? log,
    SourceReplay? replay,
    SourceTail? tail) : IDisposable
{
    private readonly Channel<Chunk> _queue = Channel.CreateBounded<Chunk>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _inFlight = new(plan.ThrottleLimit);

    // Chunks that wait for a key must not stop the others, but each holds its memory: so many at once, and no more.
    private readonly SemaphoreSlim _unresolvedRoom = new(plan.ThrottleLimit * 2);
    private readonly object _gate = new();
    private readonly List<Chunk> _unresolved = [];
    private readonly HashSet<ulong> _undecidedKeys = [];
    private readonly bool _hasCompletion = plan.Envelope.Operation == LoadOperation.Upload && !plan.KeepBatchOpen;
    private readonly ClosingRequest _closing = new(log, replay?.IsClosingUnheard == true);
    private int _lastAcceptedChunk = -1;
    private byte[]? _lastAccepted;

    /// <summary>Takes the next chunk of the source; waits while too many are under way.</summary>
    internal ValueTask SubmitAsync(Chunk chunk, CancellationToken cancellationToken) => _queue.Writer.WriteAsync(chunk, cancellationToken);

    /// <summary>Says that no more chunks come.</summary>
    internal void Complete() => _queue.Writer.TryComplete();

    public void Dispose()
    {
        _inFlight.Dispose();
        _unresolvedRoom.Dispose();
    }

    /// <summary>Runs until every chunk is resolved.</summary>
    /// <returns>True when the batch was completed.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // The last chunk completes the batch, and which one is the last shows only at the end of the source.
        Chunk? held = null;
        await foreach (var chunk in _queue.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await NoteSealedAsync(chunk).ConfigureAwait(false);
            if (held is not null)
            {
                await StartAsync(held, cancellationToken).ConfigureAwait(false);
            }

            held = chunk;
            if (!_hasCompletion)
            {
                await StartAsync(held, cancellationToken).ConfigureAwait(false);
                held = null;
            }
        }

        await Task.WhenAll(ResolutionsBefore(null)).ConfigureAwait(false);
        if (held is not null)
        {
            return await FinishBatchAsync(held, cancellationToken).ConfigureAwait(false);
        }

        // Of an import that was resumed, an earlier run may have sent everything but the last word.
        return replay?.IsCompleted == true || (_hasCompletion && await CloseAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Accounts for a chunk that an earlier run decided.</summary>
    internal void Settle(Chunk chunk)
    {
        ledger.Settle(chunk);
        lock (_gate)
        {
            NoteLastAccepted(chunk);
        }

        pool.Return(chunk);
    }

    private async Task NoteSealedAsync(Chunk chunk)
    {
        if (chunk.Range is { } range)
        {
            log!.TryWrite(new CheckpointLine { Kind = CheckpointLine.Sealed, Chunk = chunk.Number, Range = await range.ConfigureAwait(false) });
        }
    }

    private async Task StartAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        await _unresolvedRoom.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        log?.Begin();
        var blockers = ResolutionsBefore(chunk);
        lock (_gate)
        {
            _unresolved.Add(chunk);
        }

        _ = ProcessAsync(chunk, blockers, cancellationToken);
    }

    private async Task ProcessAsync(Chunk chunk, Task[] blockers, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(blockers).ConfigureAwait(false);
            await _inFlight.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                await SendUnlessUndecidedAsync(chunk, completes: false, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Before the next chunk may go: it is not to be sent any more.
                Abandon(chunk, exception);
            }
            finally
            {
                _inFlight.Release();
            }
        }
        catch (Exception exception)
        {
            Abandon(chunk, exception);
        }
        finally
        {
            // Resolving comes last: the load may be over, and this object disposed, the moment the last chunk is.
            _unresolvedRoom.Release();
            Resolve(chunk);
        }
    }

    private async Task<bool> FinishBatchAsync(Chunk last, CancellationToken cancellationToken)
    {
        var completed = false;
        try
        {
            var isWhole = ledger.Unknown == 0 && ledger.NotSent == 0;
            completed = await SendUnlessUndecidedAsync(last, isWhole, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Abandon(last, exception);
        }
        finally
        {
            Resolve(last, completed);
        }

        return completed || await CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    // The batch is whole but for the word that it is: the last accepted record says so, sent again.
    private async Task<bool> CloseAsync(CancellationToken cancellationToken)
    {
        if (halt.IsHalted || cancellationToken.IsCancellationRequested || ledger.Unknown > 0 || ledger.NotSent > 0)
        {
            return false;
        }

        try
        {
            var completed = _lastAccepted is not null
                ? await sender.CloseAsync(_lastAccepted, _closing, candidate: null, cancellationToken).ConfigureAwait(false) == ClosingOutcome.Completed
                : tail is not null && await new TailClosing(tail, sender, _closing, halt, replay).RunAsync(cancellationToken).ConfigureAwait(false);
            if (completed)
            {
                log?.TryWrite(new CheckpointLine { Kind = CheckpointLine.Completed });
            }

            return completed;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception exception)
        {
            halt.Halt(exception);
            return false;
        }
    }

    private async Task<bool> SendUnlessUndecidedAsync(Chunk chunk, bool completes, CancellationToken cancellationToken)
    {
        if (HoldsUndecidedKey(chunk))
        {
            Piece.Whole(chunk).Mark(RecordOutcome.NotSent);
            return false;
        }

        Instruments.ActiveChunks.Enter(plan.Envelope.Operation);
        try
        {
            return await sender.SendAsync(chunk, completes ? _closing : null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Instruments.ActiveChunks.Leave(plan.Envelope.Operation);
        }
    }

    private bool HoldsUndecidedKey(Chunk chunk)
    {
        lock (_gate)
        {
            if (_undecidedKeys.Count == 0)
            {
                return false;
            }

            for (var record = 0; record < chunk.Count; record++)
            {
                if (_undecidedKeys.Contains(chunk.RecordAt(record).WaitHash))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private Task[] ResolutionsBefore(Chunk? chunk)
    {
        lock (_gate)
        {
            return [.. _unresolved.Where(earlier => chunk is null || chunk.SharesKeyWith(earlier)).Select(earlier => earlier.Resolved.Task)];
        }
    }

    private void Resolve(Chunk chunk, bool completed = false)
    {
        ledger.Settle(chunk);
        plan.ChunkResolved?.Invoke(chunk);
        if (log is not null)
        {
            var resolved = new CheckpointLine { Kind = CheckpointLine.Resolved, Chunk = chunk.Number, Outcomes = OutcomeRuns.Write(chunk) };
            log.TryWrite(completed ? [resolved, new CheckpointLine { Kind = CheckpointLine.Completed }] : [resolved]);
        }

        lock (_gate)
        {
            _unresolved.Remove(chunk);
            NoteUndecided(chunk);
            NoteLastAccepted(chunk);
        }

        chunk.Resolved.SetResult();
        pool.Return(chunk);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NoteUndecided(Chunk chunk)
    {
        for (var record = 0; record < chunk.Count; record++)
        {
            ref var candidate = ref chunk.RecordAt(record);
            if (candidate.Outcome is RecordOutcome.Unknown or RecordOutcome.NotSent)
            {
                _undecidedKeys.Add(candidate.WaitHash);
            }
        }
    }

    private void NoteLastAccepted(Chunk chunk)
    {
        if (!_hasCompletion || chunk.Number < _lastAcceptedChunk)
        {
            return;
        }

        for (var record = chunk.Count - 1; record >= 0; record--)
        {
            if (chunk.RecordAt(record).Outcome == RecordOutcome.Sent)
            {
                _lastAccepted = chunk.ElementOf(record).ToArray();
                _lastAcceptedChunk = chunk.Number;
                return;
            }
        }
    }

    // A defect of ours must not lose the account: what was under way is unknown, and the load says why it stopped.
    private void Abandon(Chunk chunk, Exception exception)
    {
        foreach (var record in chunk.Live)
        {
            ref var candidate = ref chunk.RecordAt(record);
            if (candidate.Outcome == RecordOutcome.Open)
            {
                candidate.Outcome = RecordOutcome.Unknown;
            }
        }

        halt.Halt(exception);
    }
}
