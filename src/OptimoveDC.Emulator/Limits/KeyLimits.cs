using System.Globalization;

namespace OptimoveDC.Emulator;

/// <summary>Applies the limit in the options to each API key, and words the headers that go with it.</summary>
internal sealed class KeyLimits(EmulatorOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, RateCounter> _counters = new(StringComparer.Ordinal);
    private RateLimit? _limit;

    /// <summary>Counts a request of the key; null while no limit is set.</summary>
    public LimitDecision? Take(string apiKey)
    {
        var limit = options.RateLimit;
        if (limit is null)
        {
            return null;
        }

        lock (_gate)
        {
            if (limit != _limit)
            {
                _limit = limit;
                _counters.Clear();
            }

            // Read within the lock, so that the counters never see time run backwards.
            var now = options.TimeProvider.GetUtcNow();
            if (!_counters.TryGetValue(apiKey, out var counter))
            {
                counter = limit.NewCounter(now);
                _counters.Add(apiKey, counter);
            }

            return counter.Take(now);
        }
    }

    /// <summary>The headers an answer carries because of the decision.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers(LimitDecision decision)
    {
        if (options.SendRateLimitHeaders)
        {
            yield return new("X-RateLimit-Limit", decision.Limit.ToString(CultureInfo.InvariantCulture));
            yield return new("X-RateLimit-Remaining", decision.Remaining.ToString(CultureInfo.InvariantCulture));
            yield return new("X-RateLimit-Reset", WholeSecond(decision.FreesAt).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        }

        if (!decision.Accepted && options.SendRetryAfter)
        {
            yield return new("Retry-After", options.RetryAfterForm == RetryAfterForm.HttpDate
                ? WholeSecond(decision.FreesAt).ToString("R", CultureInfo.InvariantCulture)
                : Seconds(decision.FreesAt - options.TimeProvider.GetUtcNow()).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static long Seconds(TimeSpan wait) =>
        Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);

    private static DateTimeOffset WholeSecond(DateTimeOffset time)
    {
        var excess = time.UtcTicks % TimeSpan.TicksPerSecond;
        return excess == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - excess);
    }
}
