using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading.Isolation;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// Sends a chunk until the outcome of every record is decided: whole at first, and in pieces where the service
/// refuses it, so that a bad record takes no good one down with it.
/// </summary>
internal sealed class ChunkSender(
    DataConnectionsClient client,
    LoadPlan plan,
    Ledger ledger,
    LoadHalt halt,
    RequestMeter meter,
    LoadObserver observer) : IDisposable
{
    private readonly RetryBudget _budget = new() { MaxThrottleWait = plan.MaxThrottleWait };
    private readonly RefusalVerdict _verdict = new(plan, ledger, halt);
    private readonly CarriedKeys? _carried = plan.Envelope.Operation == LoadOperation.Delete ? new CarriedKeys() : null;

    public void Dispose() => _verdict.Dispose();

    /// <summary>Sends a chunk. Afterwards each of its live records has an outcome; nothing is thrown.</summary>
    /// <param name="chunk">The chunk; sealed, with at least one live record.</param>
    /// <param name="closing">Set when the first request is to complete the batch.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    /// <returns>True when the service acknowledged the completing request.</returns>
    internal async Task<bool> SendAsync(Chunk chunk, ClosingRequest? closing, CancellationToken cancellationToken)
    {
        var work = new ChunkWork(chunk, _carried?.Carry(chunk) == true, closing, plan.MaxIsolationRequests);
        while (work.Pieces.TryTake(out var piece))
        {
            await AskAsync(work, piece, cancellationToken).ConfigureAwait(false);
        }

        Tell(work.Pieces);
        return work.Completed;
    }

    /// <summary>Completes the batch with a record that was accepted before, because the last chunk could not.</summary>
    /// <param name="element">The record.</param>
    /// <param name="closing">The request.</param>
    /// <param name="candidate">Its hash, when it is another shard's: then it may be one that was refused there too, and a refusal stops nothing.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    internal async Task<ClosingOutcome> CloseAsync(ReadOnlyMemory<byte> element, ClosingRequest closing, string? candidate, CancellationToken cancellationToken)
    {
        if (!closing.TryBegin(chunk: null, candidate))
        {
            return ClosingOutcome.Stopped;
        }

        var exchange = await plan.Envelope.SendAsync(
            client,
            plan.DataConnectionId,
            new PieceBody(element, plan.Envelope, completes: true),
            meter,
            _budget,
            cancellationToken).ConfigureAwait(false);
        if (exchange.Reply is { IsSuccess: true })
        {
            return ClosingOutcome.Completed;
        }

        var isUnknown = exchange.IsUnheard || closing.WasUnheardBefore;
        if (!isUnknown)
        {
            closing.Refused(chunk: null);
        }

        if (candidate is not null && !isUnknown && exchange.Reply is { IsRefusal: true } or { StatusCode: 413 })
        {
            return ClosingOutcome.Refused;
        }

        halt.Halt(ServiceException.From(exchange, isUnknown ? "Whether the batch was completed is unknown" : "The batch could not be completed"));
        return ClosingOutcome.Stopped;
    }

    private async Task AskAsync(ChunkWork work, Piece piece, CancellationToken cancellationToken)
    {
        if (halt.IsHalted || cancellationToken.IsCancellationRequested)
        {
            // A piece of a refused request may have been carried out in part: nobody knows.
            piece.Mark(work.Pieces.HasAsked ? RecordOutcome.Unknown : RecordOutcome.NotSent);
            return;
        }

        var closing = work.Pieces.HasAsked ? null : work.Closing;
        if (!work.Pieces.TrySpend())
        {
            work.Pieces.LeftUndivided += piece.Count;
            piece.Mark(RecordOutcome.Unknown);
            return;
        }

        try
        {
            if (closing?.TryBegin(work.Chunk) == false)
            {
                piece.Mark(RecordOutcome.NotSent);
                return;
            }

            var exchange = await plan.Envelope.SendAsync(
                client,
                plan.DataConnectionId,
                new PieceBody(piece, plan.Envelope, closing is not null),
                meter,
                _budget,
                cancellationToken).ConfigureAwait(false);
            await SettleAsync(work, piece, closing, exchange, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            piece.Mark(RecordOutcome.Unknown);
        }
    }

    // Decides what an answer means for the records of a piece; what must be asked again is pushed.
    private async Task SettleAsync(ChunkWork work, Piece piece, ClosingRequest? closing, Exchange exchange, CancellationToken cancellationToken)
    {
        var reply = exchange.Reply;
        if (reply is { IsSuccess: true })
        {
            Accept(work.Pieces, piece, reply);
            work.Completed |= closing is not null;
        }
        else if (closing is not null
            && reply is { StatusCode: < 500, IsTransient: false }
            && (exchange.EarlierAttemptMayHaveWorked || closing.WasUnheardBefore))
        {
            // An earlier attempt may have completed the batch, and nothing may arrive in it after that.
            piece.Mark(RecordOutcome.Unknown);
            halt.Halt(ServiceException.From(exchange, "Whether the batch was completed is unknown"));
        }
        else if (reply is { IsRefusal: true } or { StatusCode: 413 })
        {
            closing?.Refused(work.Chunk);
            await SettleRefusalAsync(work, piece, exchange, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            if (!exchange.IsUnheard)
            {
                closing?.Refused(work.Chunk);
            }

            GiveUp(piece, work.Chunk, exchange);
        }
    }

    private void Accept(PieceStack pieces, Piece piece, ServiceReply reply)
    {
        _verdict.CountAccepted(piece.Count);
        piece.Mark(RecordOutcome.Sent);
        if (piece.IsFirstHalf)
        {
            pieces.SkipKnownRefusal();
        }

        if (reply.Body.RecordCount is not { } count || count >= piece.Count)
        {
            return;
        }

        var verb = plan.Envelope.Operation.ToString().ToLowerInvariant();
        observer.Warning?.Invoke(
            $"The service answered success to the {verb} of {piece.Count} records, but counts {count}.");
        if (plan.Envelope.Operation == LoadOperation.Delete)
        {
            // Which keys were already gone is not said: only the number counts.
            foreach (var record in piece.Records[(int)Math.Max(0, count)..])
            {
                piece.Chunk.RecordAt(record).Outcome = RecordOutcome.Skipped;
            }
        }
    }

    private async Task SettleRefusalAsync(ChunkWork work, Piece piece, Exchange exchange, CancellationToken cancellationToken)
    {
        var reply = exchange.Reply!;
        var isBlurred = exchange.EarlierAttemptMayHaveWorked && plan.Envelope.Operation != LoadOperation.Delete;
        if (isBlurred && (piece.Count == 1 || piece.IsNamed) && piece.AskedBefore < RefusalVerdict.MostBlurredAnswers)
        {
            // The refusal may be an echo of an attempt that worked: only an answer to a first attempt condemns a record.
            work.Pieces.Push(piece with { AskedBefore = piece.AskedBefore + 1 });
        }
        else if (isBlurred && (piece.Count == 1 || piece.IsNamed))
        {
            work.Pieces.LeftBlurred++;
            piece.Mark(RecordOutcome.Unknown);
            observer.Warning?.Invoke(
                $"{piece.Count} records were refused, but each time after an attempt that nobody heard of and that may have worked. They count as unknown. The service said: {reply.Message}");
        }
        else if (piece.Count == 1)
        {
            Refuse(work, piece, exchange);
        }
        else if (reply.StatusCode == 413)
        {
            work.Pieces.PushHalves(piece);
        }
        else if (NamedIn(piece, reply) is { } parts)
        {
            SettleNamed(work, piece, parts.Named, parts.Others, exchange);
        }
        else if (_verdict.NothingAcceptedYet && piece.Count == work.Chunk.LiveCount)
        {
            await SampleAsync(work, piece, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            work.Pieces.PushHalves(piece);
        }
    }

    private static (Piece Named, Piece Others)? NamedIn(Piece piece, ServiceReply reply)
    {
        var named = reply.Body.FindNamedRecords();
        if (named.IsEmpty)
        {
            return null;
        }

        var (chosen, others) = piece.PartNamed(named);
        return chosen.Count == 0 ? null : (chosen, others);
    }

    private void SettleNamed(ChunkWork work, Piece piece, Piece named, Piece others, Exchange exchange)
    {
        if (!piece.IsNamed)
        {
            // The others first: once one is accepted, a crowd of named ones is no mistake that all share.
            work.Pieces.Push(named with { IsNamed = true });
            work.Pieces.Push(others);
            return;
        }

        work.Pieces.Push(others);

        // Two keys of one text, "4" and 4: which of the two is meant, only a request for each can tell.
        var alike = named.Members.ToArray().GroupBy(record => piece.Chunk.RecordAt(record).WaitHash).ToLookup(group => group.Count() > 1, group => group.ToArray());
        foreach (var record in alike[true].SelectMany(records => records))
        {
            work.Pieces.Push(new Piece(piece.Chunk, new[] { record }));
        }

        foreach (var record in alike[false].SelectMany(records => records))
        {
            Refuse(work, new Piece(piece.Chunk, new[] { record }), exchange);
        }
    }

    // Nothing was accepted so far: before a whole source is taken apart, some of its records speak for the others.
    private async Task SampleAsync(ChunkWork work, Piece piece, CancellationToken cancellationToken)
    {
        using var turn = await _verdict.WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
        if (!_verdict.NothingAcceptedYet || halt.IsHalted)
        {
            work.Pieces.PushHalves(piece);
            return;
        }

        var sample = RefusalVerdict.SampleOf(piece.Count);
        var asked = new HashSet<int>();
        foreach (var at in sample.TakeWhile(_ => _verdict.NothingAcceptedYet))
        {
            asked.Add(at);
            await AskAsync(work, new Piece(piece.Chunk, piece.Members.Slice(at, 1)), cancellationToken).ConfigureAwait(false);
        }

        work.Pieces.Push(piece.Part(asked.Contains).Others);
    }

    private void Refuse(ChunkWork work, Piece piece, Exchange exchange)
    {
        var reply = exchange.Reply!;
        var wasCarried = work.WasCarriedBefore || exchange.EarlierAttemptMayHaveWorked || piece.Count < work.Chunk.LiveCount;
        if (plan.Envelope.Operation == LoadOperation.Delete && reply.IsRefusal && wasCarried)
        {
            // An earlier request carried the key, and may be the reason why it is gone.
            piece.Mark(RecordOutcome.Skipped);
            work.Pieces.CountGone(System.Text.Encoding.UTF8.GetString(piece.Chunk.KeyOf(piece.Records[0])), reply.Message);
            return;
        }

        piece.Mark(RecordOutcome.Rejected);
        _verdict.Reject(piece, exchange);
    }

    private void GiveUp(Piece piece, Chunk chunk, Exchange exchange)
    {
        piece.Mark(exchange.IsUnheard || piece.Count < chunk.LiveCount ? RecordOutcome.Unknown : RecordOutcome.NotSent);
        var mayRecover = exchange.Fault is TransportFault.Broken or TransportFault.Timeout || exchange.Reply is { IsTransient: true };
        if (!mayRecover || _budget.IsSpent)
        {
            halt.Halt(ServiceException.From(exchange, "The load was stopped"));
        }
        else
        {
            observer.Warning?.Invoke(
                $"A request of {piece.Count} records ended without a usable answer after every repetition: {exchange.FaultMessage ?? exchange.Reply?.Message}");
        }
    }

    private void Tell(PieceStack pieces)
    {
        if (pieces.AlreadyGone > 0)
        {
            observer.Warning?.Invoke(
                $"{pieces.AlreadyGone} keys were not there to delete, or an earlier request deleted them; {pieces.FirstGone.Key} for one: {pieces.FirstGone.Reply}");
        }

        if (pieces.LeftBlurred > 0)
        {
            observer.Warning?.Invoke(
                $"{pieces.LeftBlurred} records were refused, each time after an attempt that nobody heard of: whether one of those worked is unknown.");
        }

        if (pieces.LeftUndivided > 0)
        {
            observer.Warning?.Invoke(
                $"{pieces.LeftUndivided} records of a refused request were not asked about one by one: {plan.MaxIsolationRequests} requests were made for it, and that is the most. They count as unknown.");
        }
    }
}
