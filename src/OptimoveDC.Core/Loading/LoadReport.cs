namespace OptimoveDC.Core.Loading;

/// <summary>How a load ended.</summary>
/// <param name="Result">The account.</param>
/// <param name="Rejections">What was refused, in the order in which it was found out.</param>
/// <param name="Failure">Why the load stopped before its end; null when it didn't.</param>
public sealed record LoadReport(LoadResult Result, IReadOnlyCollection<Rejection> Rejections, Exception? Failure)
{
    /// <summary>True when a rejection names the line of a file, false when it names a position in the source.</summary>
    public bool CountsLines { get; init; } = true;

    /// <summary>The command that goes on where the load stopped; null when there is nothing to go on with.</summary>
    public string? ResumeCommand { get; init; }
}
