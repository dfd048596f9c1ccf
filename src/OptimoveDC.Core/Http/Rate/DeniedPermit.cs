using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>No leave to send: it would come later than the load may be kept waiting, or the session is gone.</summary>
internal sealed class DeniedPermit : RateLimitLease
{
    private readonly TimeSpan _retryAfter;

    private DeniedPermit(ServiceReply? reply, TimeSpan retryAfter)
    {
        Reply = reply;
        _retryAfter = retryAfter;
    }

    /// <inheritdoc/>
    public override bool IsAcquired => false;

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

    /// <summary>The 429 that stands in the way; null when the session is gone.</summary>
    internal ServiceReply? Reply { get; }

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter : null;
        return metadata is not null;
    }

    /// <summary>The session was disconnected.</summary>
    internal static DeniedPermit Gone() => new(null, TimeSpan.Zero);

    /// <summary>It would come too late. Whoever asked hears of the 429 that closed the gate as if it had been its own.</summary>
    /// <param name="refusal">That 429; null when it is the learned pace that takes too long.</param>
    /// <param name="wait">When it would come.</param>
    internal static DeniedPermit TooLate(ServiceReply? refusal, TimeSpan wait)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"no request is let through for another {Math.Ceiling(wait.TotalSeconds):F0} s");
        var reply = new ServiceReply
        {
            StatusCode = 429,
            Body = refusal?.Body ?? ReplyBody.Parse(Encoding.UTF8.GetBytes(words), static text => text),
            RetryAfter = wait,
        };
        return new DeniedPermit(reply, wait);
    }
}
