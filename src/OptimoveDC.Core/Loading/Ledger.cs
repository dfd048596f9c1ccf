using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Observability;

namespace OptimoveDC.Core.Loading;

/// <summary>Counts what becomes of every record, and stops the load when too many are refused. Safe to share between threads.</summary>
/// <param name="limit">How many may be refused.</param>
/// <param name="halt">Stops the load.</param>
/// <param name="keep">Keeps a reject on disk before it is counted.</param>
/// <param name="operation">What is done with the records, for those who watch.</param>
internal sealed class Ledger(RejectLimit limit, LoadHalt halt, Action<Rejection> keep, LoadOperation operation = LoadOperation.Upload) : IRecordAccount
{
    private readonly ConcurrentQueue<Rejection> _rejections = new();
    private long _read;
    private long _sent;
    private long _rejected;
    private long _skipped;
    private long _unknown;
    private long _notSent;

    internal long Read => Interlocked.Read(ref _read);

    internal long Sent => Interlocked.Read(ref _sent);

    internal long Rejected => Interlocked.Read(ref _rejected);

    internal long Skipped => Interlocked.Read(ref _skipped);

    internal long Unknown => Interlocked.Read(ref _unknown);

    internal long NotSent => Interlocked.Read(ref _notSent);

    internal IReadOnlyCollection<Rejection> Rejections => _rejections;

    public void CountRead() => Interlocked.Increment(ref _read);

    public void Reject(Rejection rejection)
    {
        ObservedLoad.CountRecords(operation, RecordOutcome.Rejected, 1);
        Count(rejection);
    }

    private void Count(Rejection rejection)
    {
        keep(rejection);
        _rejections.Enqueue(rejection);
        var rejected = Interlocked.Increment(ref _rejected);
        if (limit.IsExceededBy(rejected, Read))
        {
            halt.Halt(new ServiceException(
                ErrorCondition.TooManyRejects,
                $"{rejected} of {Read} records were rejected, and -MaxReject allows {limit}, so the load was stopped."));
        }
    }

    /// <summary>Counts what the run before had rejected.</summary>
    internal void RejectAgain(Rejection rejection) => Count(rejection with { Chunk = null });

    /// <summary>Counts the records of a chunk that is resolved; a rejected one was counted when it was refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Settle(Chunk chunk)
    {
        Span<long> counts = stackalloc long[(int)RecordOutcome.NotSent + 1];
        for (var record = 0; record < chunk.Count; record++)
        {
            counts[(int)chunk.RecordAt(record).Outcome]++;
        }

        if (counts[(int)RecordOutcome.Open] > 0)
        {
            throw new InvalidOperationException($"Chunk {chunk.Number} left {counts[(int)RecordOutcome.Open]} records without an outcome.");
        }

        Interlocked.Add(ref _sent, counts[(int)RecordOutcome.Sent]);
        Interlocked.Add(ref _skipped, counts[(int)RecordOutcome.Skipped]);
        Interlocked.Add(ref _unknown, counts[(int)RecordOutcome.Unknown]);
        Interlocked.Add(ref _notSent, counts[(int)RecordOutcome.NotSent]);
        Observe(chunk, counts);
    }

    // What an earlier run decided was seen when it did: of such a chunk only what was open then counts here.
    private void Observe(Chunk chunk, Span<long> counts)
    {
        if (!Instruments.Records.Enabled)
        {
            return;
        }

        if (chunk.HasEarlierOutcomes)
        {
            counts.Clear();
            foreach (var record in chunk.Live)
            {
                counts[(int)chunk.RecordAt(record).Outcome]++;
            }
        }

        counts[(int)RecordOutcome.Rejected] = 0;
        for (var outcome = RecordOutcome.Sent; outcome <= RecordOutcome.NotSent; outcome++)
        {
            ObservedLoad.CountRecords(operation, outcome, counts[(int)outcome]);
        }
    }

    /// <summary>Holds the promise to account: every record read is in exactly one count.</summary>
    /// <exception cref="InvalidOperationException">It is not: a defect of this module, never to be hidden.</exception>
    internal void Verify()
    {
        if (Read != Sent + Rejected + Skipped + Unknown + NotSent)
        {
            throw new InvalidOperationException(
                $"The account does not balance: read {Read}, sent {Sent}, rejected {Rejected}, skipped {Skipped}, unknown {Unknown}, not sent {NotSent}.");
        }
    }
}
