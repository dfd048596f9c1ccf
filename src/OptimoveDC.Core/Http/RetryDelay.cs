namespace OptimoveDC.Core.Http;

/// <summary>How long to wait before an attempt that follows a fault.</summary>
internal static class RetryDelay
{
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
}
