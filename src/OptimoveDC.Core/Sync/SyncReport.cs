using OptimoveDC.Core.Loading;

namespace OptimoveDC.Core.Sync;

/// <summary>How a sync ended.</summary>
/// <param name="Result">The account.</param>
/// <param name="Rejections">Records of the source that were refused.</param>
/// <param name="DeleteRejections">Missing keys whose deletion was refused.</param>
/// <param name="Failure">Why the sync stopped before its end; null when it didn't.</param>
public sealed record SyncReport(
    SyncResult Result,
    IReadOnlyCollection<Rejection> Rejections,
    IReadOnlyCollection<Rejection> DeleteRejections,
    Exception? Failure)
{
    /// <summary>Why missing keys were not deleted although that was asked for; null when they were.</summary>
    public string? DeletesWithheld { get; init; }
}
