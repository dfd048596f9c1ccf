namespace OptimoveDC.Emulator;

/// <summary>The count of one API key's requests against one limit. Called under a lock.</summary>
internal abstract class RateCounter
{
    /// <summary>Counts a request if the limit allows one now.</summary>
    public abstract LimitDecision Take(DateTimeOffset now);
}
