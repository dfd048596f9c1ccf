using System.Threading.RateLimiting;
using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Decides when requests with one API key may go to one host: freely until the service says no, then no sooner than it
/// asks, and at the pace that its answers show. Requests wait in the order in which they came, without a thread, and
/// can leave at once. Safe to share between threads.
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
    private readonly RatePolicy _policy = new();
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private TimeSpan _lastUse;
    private TimeSpan _lastSent;
    private int _inFlight;
    private long _given;
    private long _denied;

    /// <summary>Makes a governor that knows of no limit.</summary>
    /// <param name="timeProvider">The clock.</param>
    internal RateGovernor(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
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
        using (request.Closed.UnsafeRegister(_ => Leave(waiter)?.Finish(DeniedPermit.Gone()), null))
        {
            return await waiter.Outcome.ConfigureAwait(false);
        }
    }

    /// <summary>A request was let through: answered, and not with 429.</summary>
    internal void Accept(Permit permit, RateSignals signals) => Return(permit, now => _policy.Accept(permit, _given, now, signals));

    /// <summary>A request was answered 429.</summary>
    internal void Refuse(Permit permit, RateSignals signals, ServiceReply reply) =>
        Return(permit, now => _policy.Refuse(permit, _given, _inFlight, now, signals, reply));

    /// <summary>The service was never reached.</summary>
    internal void Withdraw(Permit permit) => Return(permit, null);

    /// <summary>What became of a request is not known: it may have counted.</summary>
    internal void Lose(Permit permit) => Return(permit, now => _policy.Lose(permit, now));

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var waiter = Enter(Anybody(permitCount));
        Leave(waiter)?.Finish(DeniedPermit.Gone());
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
            if (_inFlight == 0)
            {
                _policy.Settle(_lastUse);
            }
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
                    if (_policy.Gate.OpensAt > now && waiter.Request.Meter is { } meter)
                    {
                        (waiting ??= []).Add(meter);
                        (number, reason, wait) = (_policy.Gate.Number, _policy.Gate.Reason, _policy.Gate.OpensAt - now);
                    }
                }
            }

            Schedule(next, now);
        }

        // Outside the lock: it is not known what whoever hears of it does.
        waiting?.ForEach(meter => meter.HearOfGate(number, reason, wait));
    }

    private bool TryServe(Waiter waiter, TimeSpan now, ref TimeSpan? opens)
    {
        if (opens is null)
        {
            var mayGo = _policy.OpensAt(now, waiter.Request, _inFlight, _lastSent, out var isProbe);
            if (mayGo <= now)
            {
                Give(waiter, now, isProbe);
                return true;
            }

            opens = mayGo;
        }

        // The user's own pace is no reason to give up.
        var isHeld = opens < TimeSpan.MaxValue && (waiter.Request.Interval is null || _policy.Gate.OpensAt > now);
        if (!isHeld || opens <= waiter.Request.Budget.GiveUpAt(now))
        {
            return false;
        }

        if (_inFlight > 0 && _policy.Gate.IsKnockedAt)
        {
            // Its answer says whether there is still something to wait for.
            return false;
        }

        if (_inFlight == 0 && _policy.Gate.TryKnock(now))
        {
            Give(waiter, now, isProbe: false);
        }
        else
        {
            TurnAway(waiter, now, opens.Value - now);
        }

        return true;
    }

    private void Give(Waiter waiter, TimeSpan now, bool isProbe)
    {
        _line.Leave(waiter);
        _inFlight++;
        waiter.Request.Budget.InFlight++;
        _lastUse = _lastSent = now;
        _policy.Release(waiter.Request.Interval, waiter.Since);
        waiter.Finish(new Permit(this, waiter.Request, ++_given, _policy.Gate.Number, isProbe, now));
    }

    private void TurnAway(Waiter waiter, TimeSpan now, TimeSpan wait)
    {
        _line.Leave(waiter);
        _denied++;
        waiter.Finish(DeniedPermit.TooLate(_policy.Gate.OpensAt > now ? _policy.Gate.Reply : null, wait));
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

        // Timers count whole milliseconds: rounded down, it would ring in vain.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling((next - now).TotalMilliseconds));
        _timer.Change(due < LongestTimer ? due : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
