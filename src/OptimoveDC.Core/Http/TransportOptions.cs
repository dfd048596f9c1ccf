using System.Net;

namespace OptimoveDC.Core.Http;

/// <summary>How requests travel.</summary>
public sealed record TransportOptions
{
    /// <summary>The slowest rate that can be kept: a request in some three hours.</summary>
    public const double LeastRequestsPerSecond = 0.0001;

    /// <summary>The fastest rate that can be kept: timers know no shorter wait than a millisecond.</summary>
    public const double MostRequestsPerSecond = 1000;

    /// <summary>How long one attempt may take, from the first byte sent to the last byte read.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a request is attempted when the network or the service fails; 429 doesn't count.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The shortest wait before a repetition.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a repetition, unless the service asks for more.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The rate to keep, in requests a second, within the constants above; null to learn the service's limit from its answers.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>The proxy to go through; null for the system's own.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The proxy's credentials; null when it asks for none.</summary>
    public ICredentials? ProxyCredential { get; init; }

    /// <summary>The clock for timeouts, waits and durations.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
