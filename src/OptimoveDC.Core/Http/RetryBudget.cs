namespace OptimoveDC.Core.Http;

/// <summary>
/// How many repetitions a whole load may spend, and how long it may be kept waiting. Every acknowledgement pays one back,
/// so a service that fails now and then is loaded to the end, while one that answers nothing is given up soon. Safe to
/// share between threads.
/// </summary>
public sealed class RetryBudget
{
    /// <summary>Repetitions that a load starts with, and may never save more of.</summary>
    public const int Capacity = 40;

    private const long NotHeld = -1;

    private int _left = Capacity;
    private long _heldSince = NotHeld;

    /// <summary>How long «slow down» may be obeyed without one accepted request, before the load is given up.</summary>
    public TimeSpan MaxThrottleWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>True while no repetition is left.</summary>
    public bool IsSpent => Volatile.Read(ref _left) <= 0;

    /// <summary>How many requests of the load are under way. Kept under the governor's lock.</summary>
    internal int InFlight { get; set; }

    internal bool TrySpend()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _left);
        return false;
    }

    internal void Refill()
    {
        var left = Volatile.Read(ref _left);
        while (left < Capacity)
        {
            var seen = Interlocked.CompareExchange(ref _left, left + 1, left);
            if (seen == left)
            {
                return;
            }

            left = seen;
        }
    }

    /// <summary>
    /// Until when the load may be kept waiting. The clock runs from its last request that was let through, or from the
    /// first that was held back since: a source that takes its time costs nothing.
    /// </summary>
    /// <param name="now">The time, by a clock that only goes forward.</param>
    internal TimeSpan GiveUpAt(TimeSpan now)
    {
        var since = Interlocked.CompareExchange(ref _heldSince, now.Ticks, NotHeld);
        since = since == NotHeld ? now.Ticks : since;
        return MaxThrottleWait > TimeSpan.MaxValue - new TimeSpan(since) ? TimeSpan.MaxValue : new TimeSpan(since) + MaxThrottleWait;
    }

    /// <summary>A request of the load was let through.</summary>
    internal void PassGate() => Interlocked.Exchange(ref _heldSince, NotHeld);
}
