using System.Text;
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
    private readonly LinkedList<Waiter> _line = new();
    private readonly RatePolicy _policy = new();
    private TimeSpan _timerAt = TimeSpan.MaxValue;
    private TimeSpan _lastUse;
    private int _inFlight;
    private long _tickets;
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
    /// <returns>A <see cref="Permit"/>; or a <see cref="DeniedPermit"/>, when it would come later than the load may be kept waiting.</returns>
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
        using (request.Closed.UnsafeRegister(_ => Leave(waiter)?.Finish(new DeniedPermit(null, TimeSpan.Zero)), null))
        {
            return await waiter.Outcome.ConfigureAwait(false);
        }
    }

    /// <summary>A request was let through: answered, and not with 429.</summary>
    internal void Accept(Permit permit, RateSignals signals) => Return(now => _policy.Accept(permit, _given, now, signals));

    /// <summary>A request was answered 429.</summary>
    internal void Refuse(Permit permit, RateSignals signals, ServiceReply reply) =>
        Return(now => _policy.Refuse(permit, _given, _inFlight, now, signals, reply));

    /// <summary>The service was never reached.</summary>
    internal void Withdraw() => Return(null);

    /// <summary>What became of a request is not known: it may have counted.</summary>
    internal void Lose(Permit permit) => Return(now => _policy.Lose(permit, now));

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        var waiter = Enter(Anybody(permitCount));
        Leave(waiter)?.Finish(new DeniedPermit(null, TimeSpan.Zero));
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

    // A 429 for a request that was not even sent: it stands for the one that closed the gate.
    private static ServiceReply StandIn(ServiceReply? reply, TimeSpan wait) => new()
    {
        StatusCode = 429,
        Body = reply?.Body ?? ReplyBody.Parse(
            Encoding.UTF8.GetBytes($"its limit leaves no room for {Math.Ceiling(wait.TotalSeconds):F0} s"),
            static text => text),
        RetryAfter = wait,
    };

    private Waiter Enter(PermitRequest request)
    {
        Waiter waiter;
        lock (_lock)
        {
            // Whoever is sent back keeps the place that it had.
            request.Ticket = request.Ticket == 0 ? ++_tickets : request.Ticket;
            waiter = new Waiter(request, Now);
            var before = _line.Last;
            while (before is not null && before.Value.Request.Ticket > request.Ticket)
            {
                before = before.Previous;
            }

            if (before is null)
            {
                _line.AddFirst(waiter);
            }
            else
            {
                _line.AddAfter(before, waiter);
            }
        }

        Pump();
        return waiter;
    }

    // Null when it has been given its permit meanwhile.
    private Waiter? Leave(Waiter waiter)
    {
        lock (_lock)
        {
            return _line.Remove(waiter) ? waiter : null;
        }
    }

    private void Return(Action<TimeSpan>? note)
    {
        lock (_lock)
        {
            _inFlight--;
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
        List<(RequestMeter Meter, int Number, string Reason, TimeSpan Wait)> toTell = [];
        lock (_lock)
        {
            var now = Now;
            var next = TimeSpan.MaxValue;
            TimeSpan? learnedLane = null;
            TimeSpan? fixedLane = null;
            for (var node = _line.First; node is not null;)
            {
                var waiter = node.Value;
                var current = node;
                node = node.Next;
                ref var lane = ref waiter.Request.Interval is null ? ref learnedLane : ref fixedLane;
                if (lane is null)
                {
                    var opens = _policy.OpensAt(now, waiter.Request.Interval, _inFlight, out var isProbe);
                    if (opens <= now)
                    {
                        _line.Remove(current);
                        Give(waiter, now, isProbe);
                        continue;
                    }

                    // Nobody overtakes: who comes later waits at least as long.
                    lane = opens;
                }

                if (lane < TimeSpan.MaxValue && lane > waiter.Request.Budget.GiveUpAt(now))
                {
                    _line.Remove(current);
                    TurnAway(waiter, now, lane.Value);
                    continue;
                }

                next = lane.Value < next ? lane.Value : next;
                if (_policy.Gate.OpensAt > now && waiter.Request.Meter is { } meter)
                {
                    toTell.Add((meter, _policy.Gate.Number, _policy.Gate.Reason, _policy.Gate.OpensAt - now));
                }
            }

            Schedule(next, now);
        }

        foreach (var (meter, number, reason, wait) in toTell)
        {
            meter.HearOfGate(number, reason, wait);
        }
    }

    private void Give(Waiter waiter, TimeSpan now, bool isProbe)
    {
        _inFlight++;
        _lastUse = now;
        _policy.Release(waiter.Request.Interval, waiter.Since, isProbe);
        waiter.Finish(new Permit(this, ++_given, _policy.Gate.Number, isProbe, now));
    }

    private void TurnAway(Waiter waiter, TimeSpan now, TimeSpan opens)
    {
        if (_policy.Gate.OpensAt > now && _policy.Gate.MayKnock(now) && _inFlight == 0)
        {
            Give(waiter, now, isProbe: false);
            return;
        }

        _denied++;
        waiter.Finish(new DeniedPermit(StandIn(_policy.Gate.OpensAt > now ? _policy.Gate.Reply : null, opens - now), opens - now));
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
