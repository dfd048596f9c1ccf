using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>The leave to send one attempt. What became of it is told before it is disposed; otherwise it may have counted.</summary>
internal sealed class Permit(RateGovernor governor, PermitRequest request, long order, int gateNumber, bool isProbe, TimeSpan sent) : RateLimitLease
{
    private int _told;

    /// <inheritdoc/>
    public override bool IsAcquired => true;

    /// <inheritdoc/>
    public override IEnumerable<string> MetadataNames => [];

    /// <summary>Who asked for it.</summary>
    internal PermitRequest Request { get; } = request;

    /// <summary>Its place among all permits.</summary>
    internal long Order { get; } = order;

    /// <summary>The number of the gate that was the last to be closed when it was given.</summary>
    internal int GateNumber { get; } = gateNumber;

    /// <summary>True when it goes beyond the learned limit.</summary>
    internal bool IsProbe { get; } = isProbe;

    /// <summary>When it was given.</summary>
    internal TimeSpan Sent { get; } = sent;

    /// <inheritdoc/>
    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = null;
        return false;
    }

    /// <summary>The service let it through.</summary>
    internal void Accept(RateSignals signals)
    {
        if (IsFirstWord())
        {
            governor.Accept(this, signals);
        }
    }

    /// <summary>The service answered 429.</summary>
    internal void Refuse(RateSignals signals, ServiceReply reply)
    {
        if (IsFirstWord())
        {
            governor.Refuse(this, signals, reply);
        }
    }

    /// <summary>The service was never reached.</summary>
    internal void Withdraw()
    {
        if (IsFirstWord())
        {
            governor.Withdraw(this);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && IsFirstWord())
        {
            governor.Lose(this);
        }

        base.Dispose(disposing);
    }

    private bool IsFirstWord() => Interlocked.Exchange(ref _told, 1) == 0;
}
