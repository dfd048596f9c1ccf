namespace OptimoveDC.Core.Http;

/// <summary>Counts what requests cost. Safe to share between threads.</summary>
public sealed class RequestMeter
{
    private long _requests;
    private long _retries;
    private long _throttled;
    private long _waitedTicks;
    private long _bytes;
    private int _gatesHeardOf;

    /// <summary>Called for each attempt that ended; on any thread, and it must not throw.</summary>
    public Action<RequestAttempt>? AttemptEnded { get; init; }

    /// <summary>Called once for each time that the service asks for a pause, with the reason and the wait; on any thread, and it must not throw.</summary>
    public Action<string, TimeSpan>? Throttling { get; init; }

    /// <summary>Attempts made, repeated ones included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Attempts that repeated an earlier one after a fault.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Attempts answered 429.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Time waited for the service's limit, or the pace that it dictates, summed over the requests.</summary>
    public TimeSpan Waited => new(Interlocked.Read(ref _waitedTicks));

    /// <summary>Bytes of request bodies, repeated ones included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void CountAttempt(long bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
    }

    internal void CountRetry() => Interlocked.Increment(ref _retries);

    internal void CountWait(TimeSpan wait) => Interlocked.Add(ref _waitedTicks, wait.Ticks);

    // The number only grows: whoever hears of a gate first tells of it, and all others are silent.
    internal void HearOfGate(int number, string reason, TimeSpan wait)
    {
        var heardOf = Volatile.Read(ref _gatesHeardOf);
        while (number > heardOf)
        {
            var seen = Interlocked.CompareExchange(ref _gatesHeardOf, number, heardOf);
            if (seen == heardOf)
            {
                Throttling?.Invoke(reason, wait);
                return;
            }

            heardOf = seen;
        }
    }

    internal void Report(RequestAttempt attempt)
    {
        if (attempt.StatusCode == 429)
        {
            Interlocked.Increment(ref _throttled);
        }

        AttemptEnded?.Invoke(attempt);
    }
}
