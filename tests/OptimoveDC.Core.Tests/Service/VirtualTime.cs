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
    private readonly TimeSpan _idle;
    private long _now;
    private int _activity;

    /// <summary>Starts the clock.</summary>
    /// <param name="idle">How long, in real time, no timer may have been touched before the clock jumps.</param>
    internal VirtualTime(TimeSpan? idle = null)
    {
        _idle = idle ?? TimeSpan.FromMilliseconds(25);
        _ = RunAsync();
    }

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
            await Task.Delay(_idle);
            if (seen == Volatile.Read(ref _activity))
            {
                FireNext();
            }
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
