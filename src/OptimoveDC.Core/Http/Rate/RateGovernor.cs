using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Lets requests with one API key go to one host when <see cref="RatePolicy"/> says so. Requests wait in the order in
/// which they came, without a thread, and can leave at once. Safe to share between threads.
/// </summary>
internal sealed class RateGovernor : RateLimiter
{
    // Longer waits than this are taken in steps, for timers have a longest.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly object _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly long _epoch;
    private readonly ITimer _timer;
    private readonly WaitingLine _line = new();
    private readonly RatePolicy _policy;
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private TimeSpan _lastUse;
    private TimeSpan _lastSent;
    private int _inFlight;
    private long _given;
    private long _denied;

    /// <summary>Makes a governor that knows of no limit.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="random">Where the jitter comes from; null for the process's own.</param>
    internal RateGovernor(TimeProvider timeProvider, Random? random = null)
    {
        _timeProvider = timeProvider;
        _policy = new RatePolicy(random ?? Random.Shared);
        _epoch = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static self => ((RateGovernor)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The limit that was learned; null while none is.</summary>
    internal RequestLimit? Learned
    {
        get
        {
            lock (_lock)
            {
                return _policy.Learned;
            }
        }
    }

    /// <inheritdoc/>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
            {
                return _inFlight == 0 && _line.Count == 0 ? Now - _lastUse : null;
            }
        }
    }

    private TimeSpan Now => _timeProvider.GetElapsedTime(_epoch);

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics()
    {
        lock (_lock)
        {
            return new RateLimiterStatistics
            {
                CurrentQueuedCount = _line.Count,
                TotalSuccessfulLeases = _given,
                TotalFailedLeases = _denied,
            };
        }
    }

    /// <summary>Waits for the leave to send one attempt.</summary>
    /// <param name="request">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <returns>A <see cref="Permit"/>; or a <see cref="DeniedPermit"/>, when it would come too late or the session is gone.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<RateLimitLease> AcquireAsync(PermitRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = Enter(request);
        if (waiter.Lease is { } lease)
        {
            return lease;
        }

        using (cancellationToken.UnsafeRegister(_ => Leave(waiter)?.Cancel(cancellationToken), null))
        using (request.Closed.UnsafeRegister(_ => Leave(waiter)?.Finish(DeniedPermit.Disconnected()), null))
        {
            return await waiter.Outcome.ConfigureAwait(false);
        }
    }

    /// <summary>A request was accepted: answered, and not with 429.</summary>
    internal void Accept(Permit permit, RateSignals signals) => Return(permit, now => _policy.Accept(permit, _given, now, signals));

    /// <summary>A request was answered 429.</summary>
    internal void Refuse(Permit permit, RateSignals signals, ServiceReply reply) =>
        Return(permit, now => _policy.Refuse(permit, _given, now, signals, reply));

    /// <summary>The service was never reached.</summary>
    internal void Withdraw(Permit permit) => Return(permit, null);

    /// <summary>What became of a request is not known: it may have counted.</summary>
    internal void Lose(Permit permit) => Return(permit, _policy.Lose);

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var waiter = Enter(Anybody(permitCount));
        Leave(waiter)?.Finish(DeniedPermit.Disconnected());
        return waiter.Lease!;
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        AcquireAsync(Anybody(permitCount), cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer.Dispose();
        }

        base.Dispose(disposing);
    }

    private static PermitRequest Anybody(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(permitCount, 1);
        return new PermitRequest(new RetryBudget { MaxThrottleWait = TimeSpan.MaxValue }, null, null, CancellationToken.None);
    }

    private Waiter Enter(PermitRequest request)
    {
        Waiter waiter;
        lock (_lock)
        {
            waiter = new Waiter(request, Now);
            _line.Enter(waiter);
        }

        Pump();
        return waiter;
    }

    // Null when it has been given its permit meanwhile.
    private Waiter? Leave(Waiter waiter)
    {
        lock (_lock)
        {
            return _line.Leave(waiter) ? waiter : null;
        }
    }

    private void Return(Permit permit, Action<TimeSpan>? note)
    {
        lock (_lock)
        {
            _inFlight--;
            permit.Request.Budget.InFlight--;
            _lastUse = Now;
            note?.Invoke(_lastUse);
        }

        Pump();
    }

    private void Tick()
    {
        lock (_lock)
        {
            _timerAt = TimeSpan.MaxValue;
        }

        Pump();
    }

    // Gives a permit to everyone who may have one now, and sets the timer for the next.
    private void Pump()
    {
        List<RequestMeter>? waiting = null;
        var (number, reason, wait) = (0, "", TimeSpan.Zero);
        lock (_lock)
        {
            var now = Now;
            var next = TimeSpan.MaxValue;
            TimeSpan? learnedOpens = null;
            TimeSpan? fixedOpens = null;
            for (var node = _line.First; node is not null;)
            {
                var waiter = node.Value;
                node = node.Next;

                // Nobody overtakes: who comes later waits at least as long.
                ref var opens = ref waiter.Request.Interval is null ? ref learnedOpens : ref fixedOpens;
                if (!TryServe(waiter, now, ref opens))
                {
                    next = opens < next ? opens.Value : next;
                    if (_policy.GateOpensAt > now && waiter.Request.Meter is { } meter)
                    {
                        (waiting ??= []).Add(meter);
                        (number, reason, wait) = (_policy.GateNumber, _policy.GateReason, _policy.GateOpensAt - now);
                    }
                }
            }

            Schedule(next, now);
        }

        // Outside the lock, for it calls code that is not ours.
        waiting?.ForEach(meter => meter.HearOfGate(number, reason, wait));
    }

    private bool TryServe(Waiter waiter, TimeSpan now, ref TimeSpan? opens)
    {
        if (opens is null)
        {
            var mayGo = _policy.OpensAt(now, waiter.Request, _inFlight, _lastSent);
            if (mayGo <= now)
            {
                Give(waiter, now);
                return true;
            }

            opens = mayGo;
        }

        // The user's own pace is no reason to give up.
        var isGateClosed = _policy.GateOpensAt > now;
        var isHeld = opens < TimeSpan.MaxValue && (waiter.Request.Interval is null || isGateClosed);
        if (!isHeld || opens <= waiter.Request.Budget.GiveUpAt(now))
        {
            return false;
        }

        // The answer to a request that asks at a closed gate says whether there is still something to wait for.
        if (_inFlight > 0 && (!isGateClosed || _policy.IsAskedWhileClosed))
        {
            return false;
        }

        // Only the service's own word ends a load. A learned limit that would is asked about instead.
        if (!isGateClosed || (_inFlight == 0 && _policy.TryAskWhileClosed(now)))
        {
            Give(waiter, now);
        }
        else
        {
            TurnAway(waiter, now);
        }

        return true;
    }

    private void Give(Waiter waiter, TimeSpan now)
    {
        _line.Leave(waiter);
        var isTest = _policy.Release(waiter.Request, waiter.Since, now, _inFlight);
        _inFlight++;
        waiter.Request.Budget.InFlight++;
        _lastUse = _lastSent = now;
        waiter.Finish(new Permit(this, waiter.Request, ++_given, _policy.GateNumber, now, isTest));
    }

    private void TurnAway(Waiter waiter, TimeSpan now)
    {
        _line.Leave(waiter);
        _denied++;
        waiter.Finish(DeniedPermit.TooLate(_policy.GateReply!, _policy.GateOpensAt - now));
    }

    private void Schedule(TimeSpan next, TimeSpan now)
    {
        if (next == _timerAt)
        {
            return;
        }

        _timerAt = next;
        if (next == TimeSpan.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds: rounded down, it would end too early.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds));
        _timer.Change(due < LongestTimer ? due : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
