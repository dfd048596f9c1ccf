using System.Threading.RateLimiting;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Observability;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;

namespace OptimoveDC.Core.Http;

/// <summary>Builds the resilience pipeline that every request runs through.</summary>
/// <remarks>
/// From the outside in: faults are repeated with decorrelated jitter, up to the attempts of the request and the budget of
/// the load; «slow down» is obeyed for as long as the budget allows, and costs no attempt; the governor says when an
/// attempt may go. The timeout of an attempt lies inside, around the attempt itself: no wait counts towards it.
/// </remarks>
internal static class RequestPipeline
{
    internal static ResiliencePipeline<Attempt> Build(TransportOptions options, RateGovernor governor, ServerInstruments instruments) =>
        new ResiliencePipelineBuilder<Attempt> { TimeProvider = options.TimeProvider }
            .AddRetry(Faults(options, Random.Shared, instruments))
            .AddRetry(Throttling())
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = args => AcquireAsync(governor, args.Context, options.TimeProvider, instruments) })
            .Build();

    // Sent back at once: it is the governor that keeps it waiting, or turns it away.
    private static RetryStrategyOptions<Attempt> Throttling() => new()
    {
        MaxRetryAttempts = int.MaxValue,
        Delay = TimeSpan.Zero,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result?.Reply is { StatusCode: 429 }),
    };

    private static async ValueTask<RateLimitLease> AcquireAsync(RateGovernor governor, ResilienceContext context, TimeProvider timeProvider, ServerInstruments instruments)
    {
        var state = StateOf(context);
        var started = timeProvider.GetTimestamp();
        try
        {
            var lease = await governor.AcquireAsync(state.PermitRequest, context.CancellationToken).ConfigureAwait(false);
            state.Permit = lease as Permit;
            state.Denied = lease as DeniedPermit;
            return lease;
        }
        finally
        {
            var wait = timeProvider.GetElapsedTime(started);
            state.Meter.CountWait(wait);
            instruments.RecordWait(state.Request, wait);
        }
    }

    private static RetryStrategyOptions<Attempt> Faults(TransportOptions options, Random random, ServerInstruments instruments) => new()
    {
        MaxRetryAttempts = Math.Max(1, options.MaxAttempts - 1),
        ShouldHandle = args =>
        {
            var state = StateOf(args.Context);
            return ValueTask.FromResult(
                args.Outcome.Result is { IsTransient: true } attempt
                && MayRepeat(state.Request, attempt)
                && args.AttemptNumber < options.MaxAttempts - 1
                && state.Budget.TrySpend());
        },
        DelayGenerator = args =>
        {
            var state = StateOf(args.Context);
            state.Meter.CountRetry();
            instruments.CountRetry(state.Request, args.Outcome.Result);
            state.LastDelay = RetryDelay.NextJittered(state.LastDelay, options, random);

            // A 503 may say when to come back; a wait beyond the budget is cut, for this is no promise either way.
            var asked = args.Outcome.Result?.Reply?.RetryAfter ?? TimeSpan.Zero;
            var wait = asked > state.LastDelay ? asked : state.LastDelay;
            return ValueTask.FromResult<TimeSpan?>(wait < state.Budget.MaxThrottleWait ? wait : state.Budget.MaxThrottleWait);
        },
        OnRetry = args =>
        {
            StateOf(args.Context).EarlierAttemptMayHaveWorked |= args.Outcome.Result!.MayHaveWorked;
            return ValueTask.CompletedTask;
        },
    };

    // Creating a connection twice would make two: it is repeated only when the service can't have seen it.
    private static bool MayRepeat(ApiRequest request, Attempt attempt) => request.IsRepeatable || attempt.Fault == TransportFault.NotReached;

    private static RequestState StateOf(ResilienceContext context) => context.Properties.GetValue(RequestState.Key, null!);
}
