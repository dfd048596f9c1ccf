using System.Diagnostics;

namespace OptimoveDC.Benchmarks.Sink;

/// <summary>The requests of one API key, limited to so many within any window of time.</summary>
internal sealed class SlidingWindow
{
    private readonly Queue<long> _accepted = new();
    private long _first;
    private long _last;
    private long _acceptedCount;
    private long _refusedCount;

    /// <summary>Takes a request, or says how long to wait.</summary>
    /// <returns>Null when it is accepted, else what is left of the window.</returns>
    internal TimeSpan? Refuse(SinkSettings settings)
    {
        lock (_accepted)
        {
            var now = Stopwatch.GetTimestamp();
            if (settings.Limit > 0)
            {
                var window = settings.WindowSeconds * Stopwatch.Frequency;
                while (_accepted.TryPeek(out var oldest) && now - oldest >= window)
                {
                    _accepted.Dequeue();
                }

                if (_accepted.Count >= settings.Limit)
                {
                    _refusedCount++;
                    return Stopwatch.GetElapsedTime(now, _accepted.Peek() + window);
                }

                _accepted.Enqueue(now);
            }

            _first = _acceptedCount == 0 ? now : _first;
            _last = now;
            _acceptedCount++;
            return null;
        }
    }

    internal KeyTally Tally()
    {
        lock (_accepted)
        {
            return new KeyTally
            {
                Accepted = _acceptedCount,
                Refused = _refusedCount,
                Seconds = Stopwatch.GetElapsedTime(_first, _last).TotalSeconds,
            };
        }
    }
}
