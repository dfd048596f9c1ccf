using Polly;
using Polly.Retry;

namespace OptimoveDC.Core.Http;

/// <summary>Builds the resilience pipeline that every request runs through.</summary>
/// <remarks>
/// From the outside in: «slow down» is obeyed for as long as the budget allows, and costs no attempt; faults are
/// repeated with decorrelated jitter, up to the attempts of the request and the budget of the load.
/// The timeout of an attempt lies inside, around the attempt itself.
/// </remarks>
internal static class RequestPipeline
{
    internal static ResiliencePipeline<Attempt> Build(TransportOptions options)
    {
        var random = Random.Shared;
        return new ResiliencePipelineBuilder<Attempt> { TimeProvider = options.TimeProvider }
            .AddRetry(Throttling(options, random))
            .AddRetry(Faults(options, random))
            .Build();
    }

    private static RetryStrategyOptions<Attempt> Throttling(TransportOptions options, Random random) => new()
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args =>
        {
            var state = StateOf(args.Context);
            if (args.Outcome.Result?.Reply is not { StatusCode: 429 })
            {
                return ValueTask.FromResult(false);
            }

            state.ThrottledSince ??= options.TimeProvider.GetTimestamp();
            var waited = options.TimeProvider.GetElapsedTime(state.ThrottledSince.Value);
            return ValueTask.FromResult(waited + ThrottleWait(args.Outcome.Result, state) <= state.Budget.MaxThrottleWait);
        },
        DelayGenerator = args =>
        {
            var state = StateOf(args.Context);
            var wait = ThrottleWait(args.Outcome.Result!, state) + TimeSpan.FromMilliseconds(random.Next(0, 500));
            state.ThrottledInARow++;
            state.Meter.CountThrottled("The service answered 429 (too many requests)", wait);
            return ValueTask.FromResult<TimeSpan?>(wait);
        },
    };

    private static RetryStrategyOptions<Attempt> Faults(TransportOptions options, Random random) => new()
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

    private static TimeSpan ThrottleWait(Attempt attempt, RequestState state)
    {
        var doubled = Math.Pow(2, Math.Min(state.ThrottledInARow, 6));
        if (attempt.Reply!.RetryAfter is not { } asked)
        {
            return RetryDelay.UntoldThrottle * doubled;
        }

        // A service that says «now» (or whose clock is wrong) and then refuses again is asked less and less often.
        var least = state.ThrottledInARow == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(doubled / 2);
        return asked > least ? asked : least;
    }

    private static RequestState StateOf(ResilienceContext context) => context.Properties.GetValue(RequestState.Key, null!);
}
