namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Decides when a request may go beyond the learned limit. A limit that was learned too low is never contradicted by
/// itself, so one request in many asks: by coming early where the window was guessed, else by coming on top of the count.
/// </summary>
internal sealed class LimitProbes
{
    // Requests between two probes; twice as many after each that is refused.
    private const int LeastSpacing = 40;
    private const int LeastCountSpacing = 250;
    private const int MostDoublings = 6;

    // A guessed window is not narrowed further than this.
    private const double CloseEnough = 0.8;

    private bool _windowIsGuess;
    private bool _asksWindow;
    private int _spacing;
    private int _sinceLast;
    private int _failures;

    /// <summary>Starts anew, for a limit that was learned just now.</summary>
    internal void Reset(int requests, bool windowIsGuess)
    {
        _windowIsGuess = windowIsGuess;
        _sinceLast = 0;
        _spacing = windowIsGuess ? requests : Math.Max(LeastCountSpacing, 5 * requests);
    }

    /// <summary>When the next probe may go; null when none is due.</summary>
    /// <param name="oldest">The answer of the oldest request in the window.</param>
    /// <param name="requests">The limit's count.</param>
    /// <param name="window">The limit's window.</param>
    /// <param name="evidence">What is known.</param>
    internal TimeSpan? At(TimeSpan oldest, int requests, TimeSpan window, LimitEvidence evidence)
    {
        if (_sinceLast < _spacing)
        {
            return null;
        }

        var ruledOut = evidence.RuledOut(requests);
        _asksWindow = _windowIsGuess && ruledOut < CloseEnough * window;
        return _asksWindow ? oldest + ((ruledOut + window) / 2) : TimeSpan.Zero;
    }

    /// <summary>Notes that a request goes out.</summary>
    internal void Release(bool isProbe) => _sinceLast = isProbe ? 0 : _sinceLast + 1;

    /// <summary>Notes a probe that was let through.</summary>
    /// <returns>True when it shows a shorter window, false when it shows a higher count.</returns>
    internal bool Succeed()
    {
        _failures = 0;
        if (_asksWindow)
        {
            return true;
        }

        // Whoever finds more asks on at once, one request at a time.
        _spacing = 0;
        return false;
    }

    /// <summary>Notes a probe that was refused.</summary>
    internal void Fail(int requests)
    {
        _failures = Math.Min(_failures + 1, MostDoublings);
        _sinceLast = 0;
        _spacing = (_windowIsGuess ? Math.Max(LeastSpacing, requests) : Math.Max(LeastCountSpacing, 5 * requests)) << _failures;
    }
}
