namespace OptimoveDC.Core.Tests.Service;

/// <summary>
/// A clock that jumps to the next timer when nothing else is going on, so that hours of waiting pass in
/// milliseconds although requests really travel.
/// </summary>
internal sealed class VirtualTime : TimeProvider, IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), long> _due = new();
    private readonly CancellationTokenSource _stop = new();

    // Requests really travel, and each that does has the timer of its timeout running, which is a long one. While there is
    // such a timer, time passes only after a silence that no request on its way would keep; the timeout itself passes only
    // after a longer one. Silence is counted in rounds, so that it lasts longer on a machine that is busy.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(5);
    private const int IdleSilence = 3;
    private const int TravelSilence = 40;
    private const int LongSilence = 80;

    private long _now;
    private int _activity;
    private int _longTimers;

    /// <summary>Starts the clock.</summary>
    internal VirtualTime() => _ = RunAsync();

    /// <summary>When the clock started.</summary>
    internal static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How much virtual time has passed.</summary>
    internal TimeSpan Elapsed => new(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        // Whoever asks for the time is at work.
        Interlocked.Increment(ref _activity);
        return Epoch + Elapsed;
    }

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _activity);
        return Interlocked.Read(ref _now);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose() => _stop.Cancel();

    private async Task RunAsync()
    {
        var silence = 0;
        while (!_stop.IsCancellationRequested)
        {
            var seen = Volatile.Read(ref _activity);
            await Task.Delay(Round);
            silence = seen == Volatile.Read(ref _activity) ? silence + 1 : 0;
            if (silence >= IdleSilence && NextWait() is { } wait && silence >= SilenceBefore(wait))
            {
                silence = 0;
                FireNext();
            }
        }
    }

    private int SilenceBefore(TimeSpan wait) =>
        wait >= LongWait ? LongSilence : Volatile.Read(ref _longTimers) > 0 ? TravelSilence : IdleSilence;

    private TimeSpan? NextWait()
    {
        lock (_gate)
        {
            while (_due.TryPeek(out var entry, out var due))
            {
                if (entry.Timer.Version == entry.Version)
                {
                    return new TimeSpan(due - _now);
                }

                _due.Dequeue();
            }

            return null;
        }
    }

    private void FireNext()
    {
        // All that are due at one moment ring together.
        List<VirtualTimer> ringing = [];
        lock (_gate)
        {
            while (_due.TryPeek(out var entry, out var due) && (ringing.Count == 0 || due <= _now))
            {
                _due.Dequeue();
                if (entry.Timer.Version == entry.Version)
                {
                    ringing.Add(entry.Timer);
                    Interlocked.Exchange(ref _now, Math.Max(due, _now));
                }
            }
        }

        ringing.ForEach(timer => timer.Fire());
    }

    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _isLong;

        internal int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Version++;
                _period = period;
                MarkLong(dueTime != Timeout.InfiniteTimeSpan && dueTime >= LongWait);
                Interlocked.Increment(ref clock._activity);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock._due.Enqueue((this, Version), clock._now + dueTime.Ticks);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                Version++;
                MarkLong(false);
                Interlocked.Increment(ref clock._activity);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            lock (clock._gate)
            {
                MarkLong(false);
            }

            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback(state);
        }

        private void MarkLong(bool isLong)
        {
            if (isLong != _isLong)
            {
                _isLong = isLong;
                clock._longTimers += isLong ? 1 : -1;
            }
        }
    }
}
