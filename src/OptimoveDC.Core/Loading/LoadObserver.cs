using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Loading;

/// <summary>Who wants to hear of a load while it runs. Called on any thread; nothing here may throw.</summary>
public sealed record LoadObserver
{
    /// <summary>Something the user should know, that stops nothing.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>An attempt of a request ended.</summary>
    public Action<RequestAttempt>? AttemptEnded { get; init; }

    /// <summary>The first record was written: its shape, without a value. Null costs nothing.</summary>
    public Action<string>? FirstRecord { get; init; }

    /// <summary>The service asked for a pause: the reason and the wait.</summary>
    public Action<string, TimeSpan>? Throttling { get; init; }
}
