using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http.Rate;
using Polly;

namespace OptimoveDC.Core.Http;

/// <summary>What the attempts of one request know of each other.</summary>
internal sealed class RequestState(ApiRequest request, RequestMeter meter, RetryBudget budget, PermitRequest permitRequest)
{
    internal static readonly ResiliencePropertyKey<RequestState> Key = new("OptimoveDC.Request");

    internal ApiRequest Request { get; } = request;

    internal RequestMeter Meter { get; } = meter;

    internal RetryBudget Budget { get; } = budget;

    internal TimeSpan LastDelay { get; set; }

    /// <summary>Asks the governor, for every attempt.</summary>
    internal PermitRequest PermitRequest { get; } = permitRequest;

    /// <summary>The leave for the attempt at hand; null before the first.</summary>
    internal Permit? Permit { get; set; }

    /// <summary>Why no leave was given; null when it was.</summary>
    internal DeniedPermit? Denied { get; set; }

    /// <summary>How many attempts were made.</summary>
    internal int Attempts { get; set; }

    /// <summary>True from when an attempt is sent until its end is known.</summary>
    internal bool IsUnderWay { get; set; }

    /// <summary>The attempt before this one may have been carried out.</summary>
    internal bool EarlierAttemptMayHaveWorked { get; set; }
}

/// <summary>How one attempt ended: an answer, or a fault in words.</summary>
internal sealed record Attempt(ServiceReply? Reply, TransportFault Fault, string? FaultMessage, bool IsHopeless = false)
{
    /// <summary>What the answer says about the limit.</summary>
    internal RateSignals Signals { get; init; } = RateSignals.None;

    internal bool MayHaveWorked => Fault is TransportFault.Broken or TransportFault.Timeout || Reply is { IsTransient: true };

    internal bool IsTransient => !IsHopeless && (Fault != TransportFault.None || Reply is { IsTransient: true });
}
