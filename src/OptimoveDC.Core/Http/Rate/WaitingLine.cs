namespace OptimoveDC.Core.Http.Rate;

/// <summary>Those who wait for a permit, in the order in which their requests first came. Called under the governor's lock.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<Waiter> _waiters = new();
    private long _tickets;

    /// <summary>How many wait.</summary>
    internal int Count => _waiters.Count;

    /// <summary>The first in line; null when nobody waits.</summary>
    internal LinkedListNode<Waiter>? First => _waiters.First;

    /// <summary>Takes a place. Whoever is sent back keeps the place that it had.</summary>
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
