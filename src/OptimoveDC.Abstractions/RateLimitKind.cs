namespace OptimoveDC;

/// <summary>How a rate limit counts requests.</summary>
public enum RateLimitKind
{
    /// <summary>So many in the time that ends now.</summary>
    SlidingWindow,

    /// <summary>So many from one tick of the clock to the next.</summary>
    FixedWindow,

    /// <summary>So many at once, refilled steadily.</summary>
    TokenBucket,
}
