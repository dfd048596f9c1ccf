namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// The limit as far as the service's answers show it: so many requests in any window of so long. Its pace lets a whole
/// burst through at once and then waits for its oldest request to leave the window. Called under the governor's lock.
/// </summary>
internal sealed class LearnedLimit
{
    // A refusal with this share of the limit used is a near miss: the count was a little high, the window right.
    private const double NearMiss = 0.8;

    // A smaller count is no limit that a service would have: others use the key, and a refusal or two are no rule.
    private const int LeastCredible = 4;
    private const int RefusalsThatMakeARule = 3;

    private readonly LimitEvidence _evidence = new();
    private readonly LimitProbes _probes = new();
    private int _requests;
    private TimeSpan _window;

    // The window is known to be longer than the one and at most the other.
    private TimeSpan _windowAbove;
    private TimeSpan _windowUpTo;
    private bool _isRate;
    private bool _isConfirmed;
    private Finding? _finding;

    /// <summary>The limit; null while none is known.</summary>
    internal (int Requests, TimeSpan Window)? Current => _requests > 0 ? (_requests, _window) : null;

    /// <summary>True when the window is one that services use, and not just as it was measured.</summary>
    internal bool IsUsual => LimitEvidence.IsUsual(_window);

    /// <summary>When the next request may go.</summary>
    /// <returns>A moment that may be past; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</returns>
    internal TimeSpan OpensAt(int inFlight)
    {
        if (_requests == 0)
        {
            return TimeSpan.Zero;
        }

        var free = _requests - inFlight;
        return free <= 0 ? TimeSpan.MaxValue
            : _evidence.Latest(free) is { } oldest ? Counted(oldest) + _window
            : TimeSpan.Zero;
    }

    /// <summary>When a request may go although the limit says no, to see whether the limit has grown; null when none may.</summary>
    internal TimeSpan? ProbesAt(int inFlight) =>
        _requests == 0 || inFlight > 0 || _finding is not null || _evidence.Latest(_requests) is not { } oldest ? null
        : _probes.At(Counted(oldest), _window, _evidence.RuledOut(_requests));

    /// <summary>Notes a request that the service let through, or may have.</summary>
    /// <returns>True when a probe found the window to be shorter: much more may pass now, or little.</returns>
    internal bool Accept(TimeSpan sent, TimeSpan answered, bool isProbe)
    {
        var oldest = isProbe ? _evidence.Latest(_requests) : null;
        _evidence.Accept(sent, answered);
        _isConfirmed = true;
        if (!isProbe)
        {
            return false;
        }

        if (_probes.Succeed(answered, _window) && oldest is { } first)
        {
            _windowUpTo = answered - first.Sent < _window ? answered - first.Sent : _window;
            _window = _evidence.Usual(_requests, _windowUpTo / 2, _windowUpTo);
            return true;
        }

        _requests++;
        return false;
    }

    /// <summary>The wait for a refusal that names none, as far as it is known; null when it isn't.</summary>
    internal TimeSpan? UntoldWait(TimeSpan now, int inFlight, bool isProbe)
    {
        if (_requests == 0 || !_isConfirmed)
        {
            return null;
        }

        var opens = OpensAt(inFlight);
        return !isProbe || opens == TimeSpan.MaxValue ? _window : opens > now ? opens - now : TimeSpan.Zero;
    }

    /// <summary>Notes a refusal; what follows from it shows in <see cref="Settle"/>.</summary>
    internal void Refuse(Finding finding, bool isProbe)
    {
        _evidence.Refuse(finding.Sent, finding.At);
        if (isProbe)
        {
            // Nothing new: the limit stands.
            _probes.Fail(finding.At, _window);
        }
        else
        {
            _finding = finding;
        }
    }

    /// <summary>Notes that the service, by its headers, has no room left.</summary>
    internal void Exhaust(Finding finding) => _finding = finding;

    /// <summary>Draws the conclusion, once every request that was under way has been answered.</summary>
    /// <returns>What was settled; null when nothing was to be.</returns>
    internal Finding? Settle()
    {
        if (_finding is not { } finding)
        {
            return null;
        }

        _finding = null;
        if (finding.Limit is { } limit)
        {
            Count(limit, finding);
        }
        else
        {
            Infer(finding);
        }

        return finding;
    }

    // The service names the number: the window ends when the oldest of so many has left it.
    private void Count(int limit, Finding finding)
    {
        if (_evidence.Latest(limit) is { } oldest)
        {
            _requests = limit;
            Bound(finding.At + finding.Wait - oldest.Answered, finding.Rounding);
            _probes.Reset(finding.At, _window, windowIsGuess: false);
        }
        else if (_requests > 0)
        {
            _requests = limit;
        }
    }

    private void Infer(Finding finding)
    {
        var used = _requests == 0 ? 0 : _evidence.CountSince(finding.At - _window);
        if (used >= NearMiss * _requests && used > 0)
        {
            _requests = Math.Max(1, Math.Min(used, _requests - 1));
            _probes.Fail(finding.At, _window);
            return;
        }

        var rounding = finding.IsGuess ? finding.Wait / 2 : finding.Rounding;
        if (_evidence.Fit(finding.At, finding.Wait, rounding) is { } limit)
        {
            if (limit.Requests < LeastCredible && _evidence.Refusals < RefusalsThatMakeARule)
            {
                return;
            }

            (_requests, _window) = limit;
            _isRate = false;
        }
        else if (!Measure(finding))
        {
            return;
        }

        _windowUpTo = _window;
        _windowAbove = finding.IsGuess ? TimeSpan.Zero : _window - rounding;
        _isConfirmed = false;
        _probes.Reset(finding.At, _window, finding.IsGuess);
    }

    // The service refills bit by bit, or others use the key: so many passed in the time after which it takes more.
    private bool Measure(Finding finding)
    {
        var isWaitTelling = finding.Wait > TimeSpan.Zero && (!finding.IsGuess || _requests == 0);
        var window = isWaitTelling ? finding.Wait : _window;
        var passed = _evidence.CountSince(finding.At - window);
        if (passed > 0)
        {
            (_requests, _window) = (passed, window);
            _isRate = true;
            return true;
        }

        if (_requests > 0 && _evidence.Latest(_requests) is { } oldest)
        {
            _window = finding.At + finding.Wait - oldest.Answered;
            return true;
        }

        return false;
    }

    // A window may count a request as late as its answer; what refills doesn't care.
    private TimeSpan Counted((TimeSpan Sent, TimeSpan Answered) request) => _isRate ? request.Sent : request.Answered;

    private void Bound(TimeSpan upTo, TimeSpan rounding)
    {
        var above = upTo - rounding;
        if (above < _windowUpTo && upTo > _windowAbove && _windowUpTo > TimeSpan.Zero)
        {
            upTo = upTo < _windowUpTo ? upTo : _windowUpTo;
            above = above > _windowAbove ? above : _windowAbove;
        }

        (_windowAbove, _windowUpTo) = (above, upTo);
        if (_window <= above || _window > upTo)
        {
            _window = _evidence.Usual(_requests, above, upTo);
        }
    }

    /// <summary>A moment at which the service took no more.</summary>
    /// <param name="Sent">When the request was sent.</param>
    /// <param name="At">When its answer was heard.</param>
    /// <param name="Wait">How long from then until it would.</param>
    /// <param name="Rounding">How much too long the wait may be.</param>
    /// <param name="IsGuess">True when the service named no wait.</param>
    /// <param name="Limit">The number of requests that the service names; null when it names none.</param>
    internal readonly record struct Finding(TimeSpan Sent, TimeSpan At, TimeSpan Wait, TimeSpan Rounding, bool IsGuess, int? Limit);
}
