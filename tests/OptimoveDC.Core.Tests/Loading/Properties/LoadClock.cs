namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>
/// The clock of one case, shared by the engine and the service. It jumps to the next timer as soon as no request is on
/// its way: each attempt under way is known by its timeout, each one that is held on purpose by a timer of
/// <see cref="Service"/>, and only while the two numbers are equal may time pass. So a timeout never strikes a request that
/// is merely travelling, however busy the machine is, and hours cost milliseconds.
/// </summary>
internal sealed class LoadClock : TimeProvider, IDisposable
{
    /// <summary>The timeout of an attempt. An odd number; but the governor may come to wait for just as long.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromMilliseconds(100_007);

    // So many turns of the thread pool are given to what the last timer woke, so that it can set timers of its own. Where
    // they are too few, other timers come first: another order, and no less true.
    private const int Settling = 10;

    // Real time. A held attempt that was cancelled, not timed out, leaves its hold behind.
    private static readonly TimeSpan LeftBehind = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly PriorityQueue<(Timer Timer, int Version), long> _due = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private long _now;
    private int _changes;
    private int _attempts;
    private int _paused;
    private int _held;
    private int _outlived;
    private long _attemptsSeen;

    internal LoadClock()
    {
        Service = new ServiceClock(this);
        _ = RunAsync();
    }

    private enum Purpose
    {
        /// <summary>Anything: the wait before a repetition, say.</summary>
        Other,

        /// <summary>The timeout of an attempt: its length, and what it cancels, tell it.</summary>
        Attempt,

        /// <summary>A request is held, and goes on when the timer fires.</summary>
        Pause,

        /// <summary>A request is held until its attempt times out.</summary>
        Hold,
    }

    internal static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The same clock for the service and the proxy: each of its timers means that a request is held.</summary>
    internal TimeProvider Service { get; }

    /// <summary>How many attempts the clock has seen. If that is not the engine's own count, it can't be trusted.</summary>
    internal long AttemptsSeen => Interlocked.Read(ref _attemptsSeen);

    /// <summary>Grows with everything that happens on the clock: while it doesn't, nothing moves.</summary>
    internal int Changes => Volatile.Read(ref _changes);

    internal TimeSpan Elapsed => new(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Epoch + Elapsed;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, callback, state, isService: false, dueTime, period);

    public override string ToString()
    {
        lock (_gate)
        {
            return $"{Elapsed} passed, {_attempts} attempts under way, {_paused} paused, {_held} held, {_due.Count} timers";
        }
    }

    /// <summary>Stops it, a day later: what the engine keeps for an hour is let go.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Interlocked.Add(ref _now, TimeSpan.TicksPerDay);
        lock (_gate)
        {
            // What once waited for a timer hangs on it, and whoever keeps the clock would keep that too.
            _due.Clear();
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var seen = Volatile.Read(ref _changes);
            for (var turn = 0; turn < Settling; turn++)
            {
                await Task.Yield();
            }

            if (seen != Volatile.Read(ref _changes) || FireNext())
            {
                continue;
            }

            if (!await _changed.WaitAsync(LeftBehind))
            {
                ForgetHolds(seen);
            }
        }
    }

    private bool FireNext()
    {
        Timer? timer = null;
        lock (_gate)
        {
            if (_attempts != _paused + _held)
            {
                return false;
            }

            while (timer is null && _due.TryDequeue(out var entry, out var due))
            {
                if (entry.Timer.Version == entry.Version)
                {
                    timer = entry.Timer;
                    Interlocked.Exchange(ref _now, Math.Max(due, _now));
                    timer.Disarm();

                    // All attempts are held now, this one too, and its end is the end of its hold.
                    if (timer.Purpose == Purpose.Attempt && _held > 0)
                    {
                        _held--;
                        _outlived++;
                    }
                }
            }
        }

        timer?.Fire();
        return timer is not null;
    }

    private void ForgetHolds(int seen)
    {
        lock (_gate)
        {
            if (seen == _changes && _attempts < _paused + _held)
            {
                var left = Math.Max(0, _attempts - _paused);
                _outlived += _held - left;
                _held = left;
                Note();
            }
        }
    }

    private void Note()
    {
        Interlocked.Increment(ref _changes);
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    private void Count(Purpose purpose, int by)
    {
        switch (purpose)
        {
            case Purpose.Attempt:
                _attempts += by;
                _attemptsSeen += Math.Max(0, by);
                break;
            case Purpose.Pause:
                _paused += by;
                break;
            case Purpose.Hold:
                // One that outlived its attempt was counted off when that ended.
                if (by < 0 && _outlived > 0)
                {
                    _outlived--;
                }
                else
                {
                    _held += by;
                }

                break;
        }
    }

    private sealed class ServiceClock(LoadClock clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(clock, callback, state, isService: true, dueTime, period);
    }

    private sealed class Timer : ITimer
    {
        private readonly LoadClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly bool _isService;
        private TimeSpan _period;
        private bool _armed;

        internal Timer(LoadClock clock, TimerCallback callback, object? state, bool isService, TimeSpan dueTime, TimeSpan period)
        {
            _clock = clock;
            _callback = callback;
            _state = state;
            _isService = isService;
            Change(dueTime, period);
        }

        internal int Version { get; private set; }

        internal Purpose Purpose { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                Disarm();
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    _armed = true;
                    Purpose = _isService
                        ? (dueTime < AttemptTimeout ? Purpose.Pause : Purpose.Hold)
                        : (_state is CancellationTokenSource && dueTime == AttemptTimeout ? Purpose.Attempt : Purpose.Other);
                    _clock.Count(Purpose, 1);

                    // A hold never ends by itself: its request is over when its attempt is.
                    if (Purpose != Purpose.Hold)
                    {
                        _clock._due.Enqueue((this, Version), _clock._now + dueTime.Ticks);
                    }
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (_clock._gate)
            {
                Disarm();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Disarm()
        {
            Version++;
            if (_armed)
            {
                _armed = false;
                _clock.Count(Purpose, -1);
            }

            _clock.Note();
        }

        internal void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            _callback(_state);
        }
    }
}
