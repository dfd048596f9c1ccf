using System.Threading.RateLimiting;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>A request that waits for its permit, without a thread.</summary>
internal sealed class Waiter(PermitRequest request, TimeSpan since)
{
    private readonly TaskCompletionSource<RateLimitLease> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PermitRequest Request { get; } = request;

    /// <summary>Since when it waits.</summary>
    internal TimeSpan Since { get; } = since;

    /// <summary>What it was given; null while it waits.</summary>
    internal RateLimitLease? Lease { get; private set; }

    /// <summary>Ends with what it was given.</summary>
    internal Task<RateLimitLease> Outcome => _outcome.Task;

    internal void Finish(RateLimitLease lease)
    {
        Lease = lease;
        _outcome.TrySetResult(lease);
    }

    internal void Cancel(CancellationToken cancellationToken) => _outcome.TrySetCanceled(cancellationToken);
}
