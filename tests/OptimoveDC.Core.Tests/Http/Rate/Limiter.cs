using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>The limiters that services have, all of one rate: 50 requests in 10 s.</summary>
public enum Limiter
{
    SlidingWindow,
    FixedWindow,

    /// <summary>A bucket of 50 that is filled up every 10 s.</summary>
    TokenBucket,

    /// <summary>A bucket of 50 that gets a token every fifth of a second.</summary>
    FlowingTokenBucket,
}

internal static class LimiterExtensions
{
    /// <summary>The limiter, of so many requests in 10 s.</summary>
    internal static RateLimit Limit(this Limiter limiter, int requests = 50) => limiter switch
    {
        Limiter.SlidingWindow => new SlidingWindow(requests, TimeSpan.FromSeconds(10)),
        Limiter.FixedWindow => new FixedWindow(requests, TimeSpan.FromSeconds(10)),
        Limiter.TokenBucket => new TokenBucket(requests, requests, TimeSpan.FromSeconds(10)),
        _ => new TokenBucket(requests, 1, TimeSpan.FromSeconds(10) / requests),
    };

    /// <summary>When the last of so many requests is accepted, if each is sent at the first moment at which it would be.</summary>
    internal static TimeSpan BestTime(this Limiter limiter, int requests) => limiter switch
    {
        // So many windows, or fillings, have to begin after the first.
        Limiter.SlidingWindow or Limiter.FixedWindow or Limiter.TokenBucket => (requests - 1) / 50 * TimeSpan.FromSeconds(10),
        _ => Math.Max(0, requests - 50) * TimeSpan.FromSeconds(0.2),
    };
}
