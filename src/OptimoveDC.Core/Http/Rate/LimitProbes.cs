namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Decides when a request may go beyond the learned limit. A limit that was learned too low is never contradicted by
/// itself, so now and then one request asks: by coming early where the window was guessed, else by coming on top of the
/// count. Called under the governor's lock.
/// </summary>
internal sealed class LimitProbes
{
    // Asked on top of the count so often at most, and no more than once in so many windows; half as often after each
    // refusal.
    private const int Windows = 5;
    private const int MostDoublings = 6;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMinutes(1);

    // A guessed window is not narrowed further than this.
    private const double CloseEnough = 0.8;

    private bool _windowIsGuess;
    private bool _asksWindow;
    private int _failures;
    private TimeSpan _next;

    /// <summary>Starts anew, for a limit that was learned just now.</summary>
    internal void Reset(TimeSpan now, TimeSpan window, bool windowIsGuess)
    {
        _windowIsGuess = windowIsGuess;
        _failures = 0;
        Schedule(now, window);
    }

    /// <summary>When the next probe may go.</summary>
    /// <param name="oldest">When the oldest request in the window was counted.</param>
    /// <param name="window">The limit's window.</param>
    /// <param name="ruledOut">The longest window that is known to be too short.</param>
    internal TimeSpan At(TimeSpan oldest, TimeSpan window, TimeSpan ruledOut)
    {
        _asksWindow = _windowIsGuess && ruledOut < CloseEnough * window;
        var early = _asksWindow ? oldest + ((ruledOut + window) / 2) : TimeSpan.Zero;
        return early > _next ? early : _next;
    }

    /// <summary>Notes a probe that was let through.</summary>
    /// <returns>True when it shows a shorter window, false when it shows a higher count.</returns>
    internal bool Succeed(TimeSpan now, TimeSpan window)
    {
        _failures = 0;

        // Whoever finds that more is allowed asks on at once, one request at a time; a shorter window is used first.
        _next = _asksWindow ? now + window : now;
        return _asksWindow;
    }

    /// <summary>Notes a probe that was refused, or a limit that proved a little too high.</summary>
    internal void Fail(TimeSpan now, TimeSpan window)
    {
        _failures = Math.Min(_failures + 1, MostDoublings);
        Schedule(now, window);
    }

    private void Schedule(TimeSpan now, TimeSpan window)
    {
        var interval = _windowIsGuess ? window : window * Windows > LeastInterval ? window * Windows : LeastInterval;
        _next = now + (interval * (1 << _failures));
    }
}
