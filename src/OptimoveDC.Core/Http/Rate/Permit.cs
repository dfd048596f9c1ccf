using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>A request that wants to be sent, for all its attempts.</summary>
/// <param name="budget">How long its load may be kept waiting.</param>
/// <param name="meter">Who is told of a closed gate; null for nobody.</param>
/// <param name="requestsPerSecond">The rate that the user chose for its session; null when the learned limit applies.</param>
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

/// <summary>The leave to send one attempt. What became of it is reported before it is disposed; otherwise it may have counted.</summary>
/// <param name="governor">Who gave it.</param>
/// <param name="request">Who asked for it.</param>
/// <param name="order">Its place among all permits.</param>
/// <param name="gateNumber">How often the gate had been closed when it was given.</param>
/// <param name="sentAt">When it was given.</param>
/// <param name="isTest">True when it goes on top of the limit that is kept.</param>
internal sealed class Permit(RateGovernor governor, PermitRequest request, long order, int gateNumber, TimeSpan sentAt, bool isTest) : RateLimitLease
{
    private int _isReported;

    /// <inheritdoc/>
    public override bool IsAcquired => true;

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => [];

    internal PermitRequest Request { get; } = request;

    internal long Order { get; } = order;

    internal int GateNumber { get; } = gateNumber;

    internal TimeSpan SentAt { get; } = sentAt;

    internal bool IsTest { get; } = isTest;

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = null;
        return false;
    }

    /// <summary>The service answered, and not with 429.</summary>
    internal void Accept(RateSignals signals)
    {
        if (IsFirstReport())
        {
            governor.Accept(this, signals);
        }
    }

    /// <summary>The service answered 429.</summary>
    internal void Refuse(RateSignals signals, ServiceReply reply)
    {
        if (IsFirstReport())
        {
            governor.Refuse(this, signals, reply);
        }
    }

    /// <summary>The service was never reached.</summary>
    internal void Withdraw()
    {
        if (IsFirstReport())
        {
            governor.Withdraw(this);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && IsFirstReport())
        {
            governor.Lose(this);
        }

        base.Dispose(disposing);
    }

    private bool IsFirstReport() => Interlocked.Exchange(ref _isReported, 1) == 0;
}

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
    internal static DeniedPermit Disconnected() => new(null, TimeSpan.Zero);

    /// <summary>It would come too late. Whoever asked gets the 429 that closed the gate, as if it had been its own.</summary>
    /// <param name="refusal">That 429.</param>
    /// <param name="wait">When the gate opens.</param>
    internal static DeniedPermit TooLate(ServiceReply refusal, TimeSpan wait) =>
        new(new ServiceReply { StatusCode = 429, Body = refusal.Body, RetryAfter = wait }, wait);
}
