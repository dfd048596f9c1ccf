namespace OptimoveDC.Core.Http;

/// <summary>
/// How many repetitions a whole load may spend, and how long it may be kept waiting. Every acknowledgement pays one back, so a service that fails
/// now and then is loaded to the end, while one that answers nothing is given up soon.
/// </summary>
public sealed class RetryBudget
{
    /// <summary>Repetitions that a load starts with, and may never save more of.</summary>
    public const int Capacity = 40;

    private int _left = Capacity;

    /// <summary>How long «slow down» may be obeyed without one accepted request, before the load is given up.</summary>
    public TimeSpan MaxThrottleWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>True once a repetition was refused.</summary>
    public bool IsSpent { get; private set; }

    internal bool TrySpend()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _left);
        IsSpent = true;
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
}
