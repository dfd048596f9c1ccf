namespace OptimoveDC.Core.Http.Rate;

/// <summary>A request that wants to be sent, for all its attempts.</summary>
/// <param name="budget">How long its load may be kept waiting.</param>
/// <param name="meter">Who is told of a closed gate; null for nobody.</param>
/// <param name="requestsPerSecond">The rate that its session keeps by the user's word; null when the learned limit applies.</param>
/// <param name="closed">Cancelled when its session is disconnected.</param>
internal sealed class PermitRequest(RetryBudget budget, RequestMeter? meter, double? requestsPerSecond, CancellationToken closed)
{
    internal RetryBudget Budget { get; } = budget;

    internal RequestMeter? Meter { get; } = meter;

    /// <summary>The time between two requests; null when the learned limit applies.</summary>
    internal TimeSpan? Interval { get; } = requestsPerSecond is { } rate ? TimeSpan.FromSeconds(1 / rate) : null;

    internal CancellationToken Closed { get; } = closed;

    /// <summary>Its place among the others, kept through all attempts; zero before the first.</summary>
    internal long Ticket { get; set; }
}
