using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http;

/// <summary>How a request ended, its repetitions included.</summary>
/// <param name="Reply">The last answer heard; null when the last attempt had none.</param>
/// <param name="Fault">Why the last attempt had no answer; <see cref="TransportFault.None"/> when it had one.</param>
/// <param name="FaultMessage">The fault in words, without a key; null when there was none.</param>
/// <param name="EarlierAttemptMayHaveWorked">An attempt before the last may have been carried out although nobody heard so.</param>
public sealed record Exchange(ServiceReply? Reply, TransportFault Fault, string? FaultMessage, bool EarlierAttemptMayHaveWorked)
{
    /// <summary>True when the service may have done what was asked although it never said so.</summary>
    public bool IsUnheard =>
        EarlierAttemptMayHaveWorked
        || Fault is TransportFault.Timeout or TransportFault.Broken
        || (Reply is { } reply && reply.IsTransient);
}
