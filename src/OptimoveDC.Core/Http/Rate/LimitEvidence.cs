namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// What the service let through and what it refused, and which limits («so many in any stretch of so long») both allow
/// for. A request counts at an unknown moment between its sending and its answer, so a limit is ruled out only by what
/// contradicts it at every such moment.
/// </summary>
internal sealed class LimitEvidence
{
    private const int MostRefusals = 8;

    // Windows differing by less than this are one.
    private const double Resolution = 1.02;

    // What services use. A measured window is a little long, by rounding or by jitter: the true one is most likely one of these.
    private static readonly TimeSpan[] UsualWindows =
        [.. new[] { 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21600, 43200, 86400 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly AnswerLog _log = new();
    private readonly Queue<(TimeSpan Sent, TimeSpan Answered)> _refusals = new();

    /// <summary>How many refusals are remembered.</summary>
    internal int Refusals => _refusals.Count;

    /// <summary>Whether a window is one that services use.</summary>
    internal static bool IsUsual(TimeSpan window) => Array.IndexOf(UsualWindows, window) >= 0;

    /// <summary>Notes a request that was let through.</summary>
    internal void Accept(TimeSpan sent, TimeSpan answered) => _log.Add(sent, answered);

    /// <summary>Notes a request that was refused.</summary>
    internal void Refuse(TimeSpan sent, TimeSpan answered)
    {
        _refusals.Enqueue((sent, answered));
        if (_refusals.Count > MostRefusals)
        {
            _refusals.Dequeue();
        }
    }

    /// <summary>How many were let through after a moment.</summary>
    internal int CountSince(TimeSpan moment) => _log.CountSince(moment);

    /// <summary>One of the requests let through, the latest being 1; null when it is not remembered.</summary>
    internal (TimeSpan Sent, TimeSpan Answered)? Latest(int rank) => rank >= 1 && rank <= _log.Count ? _log[_log.Count - rank] : null;

    /// <summary>
    /// The most generous limit that all evidence allows for, given that a request refused now would pass after a wait.
    /// </summary>
    /// <param name="refused">When the refusal was heard.</param>
    /// <param name="wait">The time from then until a request would pass.</param>
    /// <param name="rounding">How much too long the wait may be.</param>
    /// <returns>Null when no such limit exists: the service counts in another way, or others use the key too.</returns>
    internal (int Requests, TimeSpan Window)? Fit(TimeSpan refused, TimeSpan wait, TimeSpan rounding)
    {
        (int Requests, TimeSpan Window)? best = null;
        var index = _log.Count - 1;
        while (index >= 0)
        {
            // The request at the index leaves the window when the wait ends, so everything since is in it.
            var shortest = refused + wait - _log[index].Answered;
            while (index > 0 && refused + wait - _log[index - 1].Answered < shortest * Resolution)
            {
                index--;
            }

            var requests = _log.Count - index;
            var window = refused + wait - _log[index].Answered;
            if (window > TimeSpan.Zero && Allows(requests, window) && (best is not { } other || requests / window.TotalSeconds > other.Requests / other.Window.TotalSeconds))
            {
                best = (requests, window);
            }

            index--;
        }

        return best is { } found ? (found.Requests, Usual(found.Requests, found.Window - rounding, found.Window)) : null;
    }

    /// <summary>The shortest usual window within bounds that the evidence allows for; the upper bound where there is none.</summary>
    internal TimeSpan Usual(int requests, TimeSpan above, TimeSpan upTo)
    {
        foreach (var window in UsualWindows)
        {
            if (window <= upTo && window > above && Allows(requests, window))
            {
                return window;
            }
        }

        return upTo;
    }

    /// <summary>The longest window that refusals rule out for a number of requests; zero when they rule out none.</summary>
    internal TimeSpan RuledOut(int requests)
    {
        var longest = TimeSpan.Zero;
        foreach (var (sent, answered) in _refusals)
        {
            // With a window up to that of the request so many places back, there would have been room.
            var rank = 0;
            for (var index = _log.Count - 1; index >= 0; index--)
            {
                if (_log[index].Sent <= answered && ++rank == requests)
                {
                    var ruledOut = sent - _log[index].Answered;
                    longest = ruledOut > longest ? ruledOut : longest;
                    break;
                }
            }
        }

        return longest;
    }

    private bool Allows(int requests, TimeSpan window)
    {
        foreach (var (sent, answered) in _refusals)
        {
            var counted = 0;
            for (var index = _log.Count - 1; index >= 0 && _log[index].Answered >= sent - window; index--)
            {
                counted += _log[index].Sent <= answered ? 1 : 0;
            }

            if (counted < requests)
            {
                return false;
            }
        }

        for (var index = requests; index < _log.Count; index++)
        {
            if (_log[index].Answered - _log[index - requests].Sent < window)
            {
                return false;
            }
        }

        return true;
    }
}
