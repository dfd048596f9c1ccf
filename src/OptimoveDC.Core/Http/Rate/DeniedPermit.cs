using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>No leave: it would come later than the load may be kept waiting, or the session is gone.</summary>
/// <param name="reply">The 429 that stands in the way; null when the session was disconnected.</param>
/// <param name="retryAfter">When it would come.</param>
internal sealed class DeniedPermit(ServiceReply? reply, TimeSpan retryAfter) : RateLimitLease
{
    /// <inheritdoc/>
    public override bool IsAcquired => false;

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    /// <summary>The 429 that stands in the way.</summary>
    internal ServiceReply? Reply { get; } = reply;

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
