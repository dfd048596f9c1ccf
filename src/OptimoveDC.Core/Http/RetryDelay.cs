namespace OptimoveDC.Core.Http;

/// <summary>How long to wait before the next attempt.</summary>
internal static class RetryDelay
{
    /// <summary>The wait for a 429 that says nothing of its own; doubled with every further one.</summary>
    internal static readonly TimeSpan UntoldThrottle = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Decorrelated jitter: between the base and three times the last wait, so that many clients that failed
    /// together don't come back together.
    /// </summary>
    internal static TimeSpan NextJittered(TimeSpan previous, TransportOptions options, Random random)
    {
        var low = options.BaseDelay.TotalMilliseconds;
        var high = Math.Max(low, Math.Min(options.MaxDelay.TotalMilliseconds, previous.TotalMilliseconds * 3));
        return TimeSpan.FromMilliseconds(low + (random.NextDouble() * (high - low)));
    }

    /// <summary>
    /// What the answer asks for: <c>Retry-After</c> in seconds or as a date, else <c>X-RateLimit-Reset</c>.
    /// A date is read against the answer's own <c>Date</c>, since the two clocks may differ.
    /// </summary>
    internal static TimeSpan? AskedFor(HttpResponseMessage response, DateTimeOffset now)
    {
        var serverNow = response.Headers.Date ?? now;
        if (response.Headers.RetryAfter is { } retryAfter)
        {
            if (retryAfter.Delta is { } delta)
            {
                return delta;
            }

            if (retryAfter.Date is { } date)
            {
                return NotNegative(date - serverNow);
            }
        }

        if (response.Headers.TryGetValues("X-RateLimit-Reset", out var values)
            && long.TryParse(values.FirstOrDefault(), out var unixSeconds)
            && unixSeconds is > 0 and < 253402300799)
        {
            return NotNegative(DateTimeOffset.FromUnixTimeSeconds(unixSeconds) - serverNow);
        }

        return null;
    }

    private static TimeSpan NotNegative(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
}
