using OptimoveDC.Core.Api;
using Polly;

namespace OptimoveDC.Core.Http;

/// <summary>What the attempts of one request know of each other.</summary>
internal sealed class RequestState(ApiRequest request, RequestMeter meter, RetryBudget budget)
{
    internal static readonly ResiliencePropertyKey<RequestState> Key = new("OptimoveDC.Request");

    internal ApiRequest Request { get; } = request;

    internal RequestMeter Meter { get; } = meter;

    internal RetryBudget Budget { get; } = budget;

    internal TimeSpan LastDelay { get; set; }

    /// <summary>When the first 429 since the start of the request came, by the transport's monotonic clock.</summary>
    internal long? ThrottledSince { get; set; }

    internal int ThrottledInARow { get; set; }

    /// <summary>The attempt before this one may have been carried out.</summary>
    internal bool EarlierAttemptMayHaveWorked { get; set; }
}

/// <summary>How one attempt ended: an answer, or a fault in words.</summary>
internal sealed record Attempt(ServiceReply? Reply, TransportFault Fault, string? FaultMessage, bool IsHopeless = false)
{
    internal bool MayHaveWorked => Fault is TransportFault.Broken or TransportFault.Timeout || Reply is { IsTransient: true };

    internal bool IsTransient => !IsHopeless && (Fault != TransportFault.None || Reply is { IsTransient: true });
}
