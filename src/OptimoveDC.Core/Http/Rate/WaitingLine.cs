using System.Threading.RateLimiting;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>A request that waits for its permit, without a thread.</summary>
/// <param name="request">Who waits.</param>
/// <param name="since">Since when.</param>
internal sealed class Waiter(PermitRequest request, TimeSpan since)
{
    private readonly TaskCompletionSource<RateLimitLease> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PermitRequest Request { get; } = request;

    internal TimeSpan Since { get; } = since;

    /// <summary>What it was given; null while it waits.</summary>
    internal RateLimitLease? Lease { get; private set; }

    /// <summary>Ends with what it was given.</summary>
    internal Task<RateLimitLease> Outcome => _outcome.Task;

    internal void Finish(RateLimitLease lease)
    {
        Lease = lease;
        _outcome.TrySetResult(lease);
    }

    internal void Cancel(CancellationToken cancellationToken) => _outcome.TrySetCanceled(cancellationToken);
}

/// <summary>Those who wait for a permit, in the order in which their requests first came. Called under the governor's lock.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<Waiter> _waiters = new();
    private long _tickets;

    internal int Count => _waiters.Count;

    /// <summary>The first in line; null when nobody waits.</summary>
    internal LinkedListNode<Waiter>? First => _waiters.First;

    /// <summary>Takes a place. A request that is sent again keeps the place that it had.</summary>
    internal void Enter(Waiter waiter)
    {
        var request = waiter.Request;
        request.Ticket = request.Ticket == 0 ? ++_tickets : request.Ticket;
        var before = _waiters.Last;
        while (before is not null && before.Value.Request.Ticket > request.Ticket)
        {
            before = before.Previous;
        }

        if (before is null)
        {
            _waiters.AddFirst(waiter);
        }
        else
        {
            _waiters.AddAfter(before, waiter);
        }
    }

    /// <summary>Leaves.</summary>
    /// <returns>False when it had left before.</returns>
    internal bool Leave(Waiter waiter) => _waiters.Remove(waiter);
}
