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
    // Requests really travel: a short wait may pass soon after the last sign of life, a long one (the timeout of an
    // attempt) only after a silence that no request on its way would keep.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortSilence = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongSilence = TimeSpan.FromMilliseconds(400);

    private long _now;
    private int _activity;

    /// <summary>Starts the clock.</summary>
    internal VirtualTime() => _ = RunAsync();

    /// <summary>When the clock started.</summary>
    internal static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How much virtual time has passed.</summary>
    internal TimeSpan Elapsed => new(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Epoch + Elapsed;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Dispose() => _stop.Cancel();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var seen = Volatile.Read(ref _activity);
            await Task.Delay(ShortSilence);
            if (seen == Volatile.Read(ref _activity) && NextWait() is { } wait)
            {
                if (wait >= LongWait)
                {
                    await Task.Delay(LongSilence);
                }

                if (seen == Volatile.Read(ref _activity))
                {
                    FireNext();
                }
            }
        }
    }

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
        VirtualTimer? timer = null;
        lock (_gate)
        {
            while (timer is null && _due.TryDequeue(out var entry, out var due))
            {
                if (entry.Timer.Version == entry.Version)
                {
                    timer = entry.Timer;
                    Interlocked.Exchange(ref _now, Math.Max(due, _now));
                }
            }
        }

        timer?.Fire();
    }

    private sealed class VirtualTimer(VirtualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        internal int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Version++;
                _period = period;
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
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback(state);
        }
    }
}
