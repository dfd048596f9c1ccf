namespace OptimoveDC.Emulator;

/// <summary>The two forms RFC 9110 gives the <c>Retry-After</c> header.</summary>
public enum RetryAfterForm
{
    /// <summary>A number of whole seconds, rounded up.</summary>
    Seconds,

    /// <summary>A date of whole seconds, rounded up, by the clock of the emulator.</summary>
    HttpDate,
}
