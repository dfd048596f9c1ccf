namespace OptimoveDC.Emulator;

/// <summary>At most so many requests within any stretch of time of the window's length.</summary>
/// <param name="Requests">The most requests, at least 1.</param>
/// <param name="Window">The length of the stretch, more than zero.</param>
public sealed record SlidingWindow(int Requests, TimeSpan Window) : RateLimit
{
    /// <summary>The most requests in a window.</summary>
    public int Requests { get; } = Positive(Requests, nameof(Requests));

    /// <summary>The length of the window.</summary>
    public TimeSpan Window { get; } = Positive(Window, nameof(Window));

    internal override RateCounter NewCounter(DateTimeOffset now) => new Counter(this);

    private sealed class Counter(SlidingWindow limit) : RateCounter
    {
        private readonly Queue<DateTimeOffset> _accepted = new();

        public override LimitDecision Take(DateTimeOffset now)
        {
            // A request leaves the window exactly one window after it was accepted.
            while (_accepted.TryPeek(out var oldest) && now - oldest >= limit.Window)
            {
                _accepted.Dequeue();
            }

            var taken = _accepted.Count < limit.Requests;
            if (taken)
            {
                _accepted.Enqueue(now);
            }

            return new LimitDecision(taken, limit.Requests, limit.Requests - _accepted.Count, _accepted.Peek() + limit.Window);
        }
    }
}
