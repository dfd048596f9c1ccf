namespace OptimoveDC.Emulator;

/// <summary>
/// A bucket, full at first, that each request takes a token from. Tokens are added together at the end of each period,
/// counted from the first request; what would overflow is lost.
/// </summary>
/// <param name="Capacity">The most tokens in the bucket, at least 1.</param>
/// <param name="TokensPerPeriod">Tokens added each period, at least 1.</param>
/// <param name="Period">The time between additions, more than zero.</param>
public sealed record TokenBucket(int Capacity, int TokensPerPeriod, TimeSpan Period) : RateLimit
{
    /// <summary>The most tokens in the bucket.</summary>
    public int Capacity { get; } = Positive(Capacity, nameof(Capacity));

    /// <summary>Tokens added each period.</summary>
    public int TokensPerPeriod { get; } = Positive(TokensPerPeriod, nameof(TokensPerPeriod));

    /// <summary>The time between additions.</summary>
    public TimeSpan Period { get; } = Positive(Period, nameof(Period));

    internal override RateCounter NewCounter(DateTimeOffset now) => new Counter(this, now);

    private sealed class Counter(TokenBucket limit, DateTimeOffset start) : RateCounter
    {
        private DateTimeOffset _refilled = start;
        private int _tokens = limit.Capacity;

        public override LimitDecision Take(DateTimeOffset now)
        {
            var periods = (now - _refilled).Ticks / limit.Period.Ticks;
            if (periods > 0)
            {
                // A clock set forward by years must not overflow the count.
                var enough = Math.Min(periods, (limit.Capacity / limit.TokensPerPeriod) + 1L);
                _tokens = (int)Math.Min(limit.Capacity, _tokens + (enough * limit.TokensPerPeriod));
                _refilled += TimeSpan.FromTicks(periods * limit.Period.Ticks);
            }

            var taken = _tokens > 0;
            if (taken)
            {
                _tokens--;
            }

            return new LimitDecision(taken, limit.Capacity, _tokens, _refilled + limit.Period);
        }
    }
}
