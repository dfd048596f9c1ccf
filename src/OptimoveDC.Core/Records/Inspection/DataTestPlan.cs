using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>What an import would be told, as far as it matters to a test.</summary>
public sealed record DataTestPlan
{
    /// <summary>The limit that the service documents: 50 requests in 10 seconds.</summary>
    public const double DocumentedRequestsPerSecond = 5;

    /// <summary>The file that is read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>How primary keys are written.</summary>
    public KeyType KeyType { get; init; }

    /// <summary>The most records in a request.</summary>
    public int BatchSize { get; init; } = LoadPlan.UploadCeiling;

    /// <summary>How many requests a second the service takes.</summary>
    public double RequestsPerSecond { get; init; } = DocumentedRequestsPerSecond;

    /// <summary>Whether every finding is wanted, and not only their counts.</summary>
    public bool IsDetailed { get; init; }

    /// <summary>
    /// The least time between the first request and the last. The limit counts in windows of 10 seconds, and the
    /// requests of one window may go all at once.
    /// </summary>
    internal TimeSpan LeastDuration(long requests)
    {
        const double Window = 10;
        var inWindow = Math.Max(1, Math.Floor(RequestsPerSecond * Window));
        return requests < 2 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Floor((requests - 1) / inWindow) * inWindow / RequestsPerSecond);
    }
}
