using System.Text;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// Sends a chunk until the outcome of every record is decided: whole at first, and in halves where the service
/// refuses it, so that a bad record takes no good one down with it.
/// </summary>
internal sealed class ChunkSender(
    DataConnectionsClient client,
    LoadPlan plan,
    Ledger ledger,
    LoadHalt halt,
    RequestMeter meter,
    LoadObserver observer)
{
    // So many refused records with none accepted share a mistake; looking for the good ones would cost a request each.
    private const int RefusedBeforeGivingUp = 20;

    private readonly RetryBudget _budget = new() { MaxThrottleWait = plan.MaxThrottleWait };
    private long _accepted;
    private int _refused;

    /// <summary>Sends a chunk. Afterwards each of its records has an outcome; nothing is thrown.</summary>
    /// <param name="chunk">The chunk; sealed.</param>
    /// <param name="completes">Whether the request is to complete the batch.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    /// <returns>True when the service acknowledged the completing request.</returns>
    internal async Task<bool> SendAsync(Chunk chunk, bool completes, CancellationToken cancellationToken)
    {
        var completed = false;
        var pieces = new Stack<Piece>();
        pieces.Push(Piece.Whole(chunk));
        while (pieces.TryPop(out var piece))
        {
            var isWhole = piece.Count == chunk.LiveCount;
            if (halt.IsHalted || cancellationToken.IsCancellationRequested)
            {
                // A piece of a refused request may have been carried out in part: nobody knows.
                piece.Mark(isWhole ? RecordOutcome.NotSent : RecordOutcome.Unknown);
                continue;
            }

            var asksCompletion = completes && isWhole;
            try
            {
                var exchange = await plan.Envelope.SendAsync(
                    client,
                    plan.DataConnectionId,
                    new PieceBody(piece, plan.Envelope, asksCompletion),
                    meter,
                    _budget,
                    cancellationToken).ConfigureAwait(false);
                completed |= Settle(piece, exchange, asksCompletion, pieces);
            }
            catch (OperationCanceledException)
            {
                piece.Mark(RecordOutcome.Unknown);
            }
        }

        return completed;
    }

    /// <summary>Completes the batch with a record that was accepted before, because the last chunk could not.</summary>
    internal async Task<bool> CloseAsync(ReadOnlyMemory<byte> element, CancellationToken cancellationToken)
    {
        var exchange = await plan.Envelope.SendAsync(
            client,
            plan.DataConnectionId,
            new PieceBody(element, plan.Envelope, completes: true),
            meter,
            _budget,
            cancellationToken).ConfigureAwait(false);
        if (exchange.Reply is { IsSuccess: true })
        {
            return true;
        }

        halt.Halt(ServiceException.From(exchange, "The batch could not be completed"));
        return false;
    }

    // Decides what an answer means for the records of a piece; pieces that must be asked again are pushed.
    private bool Settle(Piece piece, Exchange exchange, bool asksCompletion, Stack<Piece> pieces)
    {
        switch (exchange.Reply)
        {
            case { IsSuccess: true } reply:
                Accept(piece, reply);
                return asksCompletion;
            case { StatusCode: >= 400 and < 500, IsTransient: false } when asksCompletion && exchange.EarlierAttemptMayHaveWorked:
                // The first attempt may have completed the batch, and nothing may arrive in it after that.
                piece.Mark(RecordOutcome.Unknown);
                halt.Halt(ServiceException.From(exchange, "Whether the batch was completed is unknown"));
                return false;
            case { IsRefusal: true } or { StatusCode: 413 } when piece.Count > 1:
                pieces.Push(piece.SecondHalf);
                pieces.Push(piece.FirstHalf);
                return false;
            case { IsRefusal: true } or { StatusCode: 413 }:
                Refuse(piece, exchange);
                return false;
            default:
                GiveUp(piece, exchange);
                return false;
        }
    }

    private void Accept(Piece piece, ServiceReply reply)
    {
        Interlocked.Add(ref _accepted, piece.Count);
        piece.Mark(RecordOutcome.Sent);
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

    private void Refuse(Piece piece, Exchange exchange)
    {
        var record = piece.Records[0];
        var reply = exchange.Reply!;
        if (plan.Envelope.Operation == LoadOperation.Delete
            && reply.IsRefusal
            && (exchange.EarlierAttemptMayHaveWorked || piece.Count < piece.Chunk.LiveCount))
        {
            // An earlier request carried the key, and may be the reason why it is gone.
            piece.Mark(RecordOutcome.Skipped);
            observer.Warning?.Invoke($"Key {Encoding.UTF8.GetString(piece.Chunk.KeyOf(record))} was not there to delete: {reply.Message}");
            return;
        }

        piece.Mark(RecordOutcome.Rejected);
        ledger.Reject(new Rejection
        {
            Line = piece.Chunk.RecordAt(record).Line,
            Input = piece.Chunk.InputOf(record),
            PrimaryKey = Encoding.UTF8.GetString(piece.Chunk.KeyOf(record)),
            Record = Encoding.UTF8.GetString(piece.Chunk.ElementOf(record)),
            Reason = reply.Message,
            StatusCode = reply.StatusCode,
            RequestId = reply.RequestId,
        });
        var refused = Interlocked.Increment(ref _refused);
        if (refused >= RefusedBeforeGivingUp && Interlocked.Read(ref _accepted) == 0)
        {
            halt.Halt(new ServiceException(
                ErrorCondition.RequestRefused,
                $"The first {refused} records asked about were all refused and none was accepted, so the load was stopped. The service said: {reply.Message}",
                exchange));
        }
    }

    private void GiveUp(Piece piece, Exchange exchange)
    {
        piece.Mark(exchange.IsUnheard || piece.Count < piece.Chunk.LiveCount ? RecordOutcome.Unknown : RecordOutcome.NotSent);
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
}
