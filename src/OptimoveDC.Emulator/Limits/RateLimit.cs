namespace OptimoveDC.Emulator;

/// <summary>
/// A limit on the requests of one API key. Refused requests don't count. Limits are values: setting an equal one keeps
/// the counts.
/// </summary>
public abstract record RateLimit
{
    private protected RateLimit()
    {
    }

    internal abstract RateCounter NewCounter(DateTimeOffset now);

    private protected static int Positive(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    private protected static TimeSpan Positive(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, name);
        return value;
    }
}
