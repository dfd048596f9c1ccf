namespace OptimoveDC.Emulator;

/// <summary>
/// At most so many requests in each window; a window begins with the first request after the one before has ended, and
/// is not tied to the hour on the clock.
/// </summary>
/// <param name="Requests">The most requests, at least 1.</param>
/// <param name="Window">The length of a window, more than zero.</param>
public sealed record FixedWindow(int Requests, TimeSpan Window) : RateLimit
{
    /// <summary>The most requests in a window.</summary>
    public int Requests { get; } = Positive(Requests, nameof(Requests));

    /// <summary>The length of a window.</summary>
    public TimeSpan Window { get; } = Positive(Window, nameof(Window));

    internal override RateCounter NewCounter(DateTimeOffset now) => new Counter(this, now);

    private sealed class Counter(FixedWindow limit, DateTimeOffset start) : RateCounter
    {
        private DateTimeOffset _start = start;
        private int _accepted;

        public override LimitDecision Take(DateTimeOffset now)
        {
            if (now - _start >= limit.Window)
            {
                _start = now;
                _accepted = 0;
            }

            var taken = _accepted < limit.Requests;
            if (taken)
            {
                _accepted++;
            }

            return new LimitDecision(taken, limit.Requests, limit.Requests - _accepted, _start + limit.Window);
        }
    }
}
