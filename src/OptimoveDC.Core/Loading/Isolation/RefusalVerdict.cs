using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Loading.Isolation;

/// <summary>Counts what is refused over a whole load, and stops it when the mistake is one that all records share.</summary>
internal sealed class RefusalVerdict(LoadPlan plan, Ledger ledger, LoadHalt halt) : IDisposable
{
    /// <summary>So many refused records with none accepted share a mistake; looking for the good ones would cost a request each.</summary>
    internal const int RefusedBeforeGivingUp = 20;

    /// <summary>How often a refusal after an attempt that nobody heard of is asked about again, before it stays unknown.</summary>
    internal const int MostBlurredAnswers = 3;

    // One chunk at a time samples: its answer spares the others theirs.
    private readonly SemaphoreSlim _turn = new(1);
    private long _accepted;
    private int _refused;

    internal bool NothingAcceptedYet => Interlocked.Read(ref _accepted) == 0;

    /// <summary>Which places of a piece speak for all of it: spread evenly, from its first record on.</summary>
    internal static IEnumerable<int> SampleOf(int count)
    {
        var size = Math.Min(RefusedBeforeGivingUp, count);
        return Enumerable.Range(0, size).Select(number => (int)((long)number * count / size));
    }

    public void Dispose() => _turn.Dispose();

    internal void CountAccepted(int records) => Interlocked.Add(ref _accepted, records);

    internal async Task<IDisposable> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

    /// <summary>Rejects the single record of a piece.</summary>
    internal void Reject(Piece piece, Exchange exchange)
    {
        var reply = exchange.Reply!;
        ledger.Reject(Rejection.Of(piece.Chunk, piece.Records[0], reply.Message, reply.StatusCode, reply.RequestId));
        if (reply.StatusCode == 413)
        {
            return;
        }

        var refused = Interlocked.Increment(ref _refused);
        if (refused >= RefusedBeforeGivingUp && NothingAcceptedYet)
        {
            halt.Halt(new ServiceException(
                ErrorCondition.RequestRefused,
                $"{refused} records, taken from all over the {plan.Envelope.Operation.ToString().ToLowerInvariant()}, were asked about one by one; all were refused and none was accepted, so the load was stopped. The service said: {reply.Message}",
                exchange));
        }
    }

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
