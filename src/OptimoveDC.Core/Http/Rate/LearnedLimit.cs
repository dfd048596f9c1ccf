namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// The limit that the service's answers show: so many requests in any stretch of so long. It is <em>unknown</em> at first,
/// <em>suspected</em> after a refusal, <em>kept</em> once the same limit was met again, <em>raised</em> when the service
/// takes more, and forgotten when it isn't met for a while. The page docs/rate.md draws the states and follows an example.
/// Called under the governor's lock.
/// </summary>
internal sealed class LearnedLimit
{
    // How often the same limit is met before it is kept. Few requests or a short window agree by accident more easily.
    private const int RefusalsNeeded = 2;
    private const int RefusalsNeededWhenWeak = 4;
    private const int FewRequests = 20;
    private static readonly TimeSpan ShortWindow = TimeSpan.FromSeconds(5);

    // A refusal at this share of the limit means that the limit is a little lower.
    private const double NearMiss = 0.8;
    private const double SmallStep = 0.05;

    // A kept limit is tested by one request on top, in every second window. In short windows the tests get rarer, so that
    // few requests are refused.
    private const int WindowsBetweenTests = 2;
    private const int RarerEachTime = 10;
    private const int MostRequestsBetweenTests = 150;

    // A limit that was exceeded is forgotten when it isn't met for so long, or when so many times as much was accepted.
    private const int WindowsUntilForgotten = 3;
    private const int TimesUntilForgotten = 2;

    // Services count in one of these. A measured window is a little long, by rounding and by jitter.
    private static readonly TimeSpan[] UsualWindows =
        [.. new[] { 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21600, 43200, 86400 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly AcceptedRequests _accepted = new();

    // What was accepted since the last pause.
    private TimeSpan _burstStart;
    private int _burstCount;

    // The last refusal, which lasts until a request is accepted.
    private bool _isRefusing;
    private bool _isExplained;
    private TimeSpan _refusedSentAt;
    private TimeSpan? _askedUntil;
    private TimeSpan _rounding;

    // Suspected: what the last refusal points to, and how often it was met.
    private Limit? _suspected;
    private int _timesMet;

    // Kept, and when to test it.
    private Limit? _kept;
    private int _acceptedSinceTest;
    private int _testAfter;

    // Raised: since when, and how many were accepted on top.
    private TimeSpan? _raisedSince;
    private int _acceptedOnTop;

    // A window that nobody named may be much too long, so a shorter one is tried.
    private TimeSpan? _triedWindow;
    private TimeSpan _triedSince;
    private int _acceptedInTrial;

    /// <summary>The limit that is kept; null while none is.</summary>
    internal RequestLimit? Current => _kept is { } kept ? new RequestLimit(kept.Requests, kept.Window, IsFixed: false) : null;

    /// <summary>
    /// How many requests may be in flight: what is in flight when a limit is met is refused whole. So close to where the
    /// service refused before, requests go one by one; beyond it, more with each that is accepted.
    /// </summary>
    internal int MostInFlight =>
        _triedWindow is not null ? 1
        : _raisedSince is not null ? 1 + (_acceptedOnTop / 2)
        : _suspected is { } suspected ? (_burstCount < suspected.Requests ? suspected.Requests - _burstCount : 1 + ((_burstCount - suspected.Requests) / 2))
        : int.MaxValue;

    private bool IsTestDue => _acceptedSinceTest >= _testAfter;

    /// <summary>When the next request may go; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</summary>
    internal TimeSpan OpensAt(TimeSpan now, int inFlight)
    {
        if (_kept is not { } kept || _raisedSince is not null)
        {
            return TimeSpan.Zero;
        }

        if (_triedWindow is { } tried)
        {
            return FullUntil(kept with { Window = tried }, inFlight);
        }

        var opens = FullUntil(kept, inFlight);
        return opens <= now ? opens
            : IsTestDue ? now
            : inFlight == 0 && ShorterWindow(kept) is { } shorter ? FullUntil(kept with { Window = shorter }, inFlight)
            : opens;
    }

    /// <summary>A request goes.</summary>
    /// <param name="now">The time.</param>
    /// <param name="inFlight">How many others are in flight.</param>
    /// <returns>True when it is a test: it goes on top of the limit.</returns>
    internal bool Release(TimeSpan now, int inFlight)
    {
        if (_kept is not { } kept || _raisedSince is not null || _triedWindow is not null || FullUntil(kept, inFlight) <= now)
        {
            return false;
        }

        if (IsTestDue)
        {
            _acceptedSinceTest = 0;
            return true;
        }

        _triedWindow = ShorterWindow(kept);
        (_triedSince, _acceptedInTrial) = (now, 0);
        return false;
    }

    /// <summary>A request sent since the last refusal is accepted: the service takes requests again.</summary>
    internal void EndRefusal(TimeSpan now)
    {
        if (_isRefusing)
        {
            _isRefusing = false;
            Suspect(now);
            (_burstStart, _burstCount) = (now, 0);
        }
    }

    /// <summary>Counts a request that was accepted, or may have been.</summary>
    /// <param name="now">When its answer arrived.</param>
    /// <param name="isTest">True when it went on top of the limit.</param>
    internal void Count(TimeSpan now, bool isTest)
    {
        if (_burstCount == 0 || (_kept is { } last && Used(last, now) == 0))
        {
            (_burstStart, _burstCount) = (now, 0);
            _triedWindow = null;
        }

        _accepted.Add(now);
        _burstCount++;
        _acceptedSinceTest++;
        if (_suspected is { } suspected && _burstCount > suspected.Requests + Tolerance(suspected) + 6)
        {
            _suspected = null;
        }

        if (_kept is not { } kept)
        {
            return;
        }

        if (_triedWindow is { } tried)
        {
            CountTrial(kept, tried, now);
        }
        else if (_raisedSince is { } since)
        {
            _acceptedOnTop++;
            if (now - since > WindowsUntilForgotten * kept.Window || _acceptedOnTop > TimesUntilForgotten * kept.Requests)
            {
                (_kept, _raisedSince) = (null, null);
            }
        }
        else if (isTest)
        {
            (_raisedSince, _acceptedOnTop) = (now, 1);
        }
        else if (_isRefusing && kept.Window >= ShortWindow && Used(kept, now) > kept.Requests)
        {
            // It was in flight when the limit was met.
            _kept = kept with { Requests = Used(kept, now) };
        }
    }

    /// <summary>Learns from a refusal.</summary>
    /// <param name="sentAt">When the refused request was sent.</param>
    /// <param name="isTest">True when it went on top of the limit.</param>
    /// <param name="now">When its answer arrived.</param>
    /// <param name="signals">What it says.</param>
    /// <returns>When the kept limit expects the service to take more; null when it doesn't say.</returns>
    internal TimeSpan? Refuse(TimeSpan sentAt, bool isTest, TimeSpan now, RateSignals signals)
    {
        if (!_isRefusing)
        {
            _isRefusing = true;
            _isExplained = ExplainByTrial() || ExplainByKept(isTest, now);
            _isExplained |= ExplainBySuspected(now);
        }

        _refusedSentAt = sentAt;
        _askedUntil = now + signals.Wait;

        // The wait is in whole seconds, and began somewhere on the way.
        _rounding = signals.WaitRounding + (now - sentAt);
        return _kept is { } kept && Used(kept, now) >= kept.Requests ? FullUntil(kept, inFlight: 0) : null;
    }

    /// <summary>The service asks for a longer pause than it did before.</summary>
    internal void Extend(TimeSpan until) => _askedUntil = until;

    /// <summary>Takes over a limit that the service names when it takes no more.</summary>
    /// <param name="requests">How many requests.</param>
    /// <param name="reset">The time until it takes more.</param>
    /// <param name="now">The time.</param>
    /// <returns>When it does by this limit, which is more exact than the reset; null when it can't be told.</returns>
    internal TimeSpan? Announce(int requests, TimeSpan reset, TimeSpan now)
    {
        if (_accepted.Latest(requests) is not { } oldest)
        {
            return null;
        }

        var longest = now + reset - oldest;
        var window = UsualWindow(longest - RateSignals.ResetRounding, longest);
        Keep(new Limit(requests, window, window), testAfter: requests);
        return oldest + window;
    }

    private void CountTrial(Limit kept, TimeSpan tried, TimeSpan now)
    {
        if (++_acceptedInTrial >= kept.Requests)
        {
            Keep(kept with { Window = tried }, testAfter: kept.Requests);
        }
        else if (now - _triedSince > tried)
        {
            // One by one, requests are too slow to fill it: nothing can be learned.
            Keep(kept with { RuledOutWindow = tried }, testAfter: kept.Requests);
        }
    }

    // The shorter window was wrong, or the service refills bit by bit: then it took a part of the requests in a part of the time.
    private bool ExplainByTrial()
    {
        if (_triedWindow is not { } tried || _kept is not { } kept)
        {
            return false;
        }

        var part = kept with { Requests = (int)(kept.Requests * (tried / kept.Window)), Window = tried };
        var isPart = _acceptedInTrial > 0 && IsAbout(part, _acceptedInTrial);
        Keep(isPart ? part : kept with { RuledOutWindow = tried }, WindowsBetweenTests * kept.Requests);
        return true;
    }

    private bool ExplainByKept(bool isTest, TimeSpan now)
    {
        if (_kept is not { } kept || (!isTest && Used(kept, now) < NearMiss * kept.Requests))
        {
            return false;
        }

        var isShort = kept.Window < ShortWindow;
        var corrected = isShort ? CorrectShort(kept, Used(kept, now)) : kept with { Requests = Used(kept, now) };
        var rarer = isShort ? Math.Min(RarerEachTime * _testAfter, MostRequestsBetweenTests) : 0;
        var wasOnTop = isTest || _raisedSince is not null;
        Keep(corrected, wasOnTop ? Math.Max(WindowsBetweenTests * corrected.Requests, rarer) : _testAfter - _acceptedSinceTest);
        return true;
    }

    // In a short window the count says little: a service that refills bit by bit may have saved some, or be a little behind.
    private Limit CorrectShort(Limit kept, int used) =>
        used < kept.Requests ? kept with { Window = kept.Window * (1 + SmallStep) }
        : _raisedSince is not null && used > kept.Requests * 5 / 4 ? kept with { Window = kept.Window * (1 - (2 * SmallStep)) }
        : kept;

    private bool ExplainBySuspected(TimeSpan now)
    {
        if (_suspected is not { } suspected || !(IsAbout(suspected, _burstCount) || IsAbout(suspected, Used(suspected, now))))
        {
            return false;
        }

        var isWeak = suspected.Requests < FewRequests || suspected.Window < ShortWindow;
        if (++_timesMet >= (isWeak ? RefusalsNeededWhenWeak : RefusalsNeeded))
        {
            Keep(suspected with { Requests = Math.Min(suspected.Requests, Math.Max(_burstCount, Used(suspected, now))) }, testAfter: (isWeak ? 2 : 1) * suspected.Requests);
            _suspected = null;
        }

        return true;
    }

    // So many were accepted from the start of the burst; more were from the moment that the service named, or from now.
    private void Suspect(TimeSpan now)
    {
        if (_burstCount == 0)
        {
            return;
        }

        var longest = (_askedUntil ?? now) - _burstStart;
        var shortest = _askedUntil is null ? _refusedSentAt - _burstStart : longest - _rounding;
        var isExact = _askedUntil is null || longest - shortest <= longest / 4;
        var window = isExact ? UsualWindow(shortest, longest) : UsualWindow(longest - TimeSpan.FromTicks(1), now - _burstStart);
        if (!_isExplained || window < 0.9 * _kept?.Window)
        {
            _suspected = new Limit(_burstCount, window, isExact && _askedUntil is not null ? window : shortest);
            _timesMet = 1;
        }
    }

    private void Keep(Limit limit, int testAfter)
    {
        _kept = limit with { Requests = Math.Max(1, limit.Requests) };
        _raisedSince = null;
        _triedWindow = null;
        _acceptedSinceTest = 0;
        _testAfter = testAfter;
    }

    private int Used(Limit limit, TimeSpan now) => _accepted.CountSince(now - limit.Window);

    private TimeSpan FullUntil(Limit limit, int inFlight) =>
        inFlight >= limit.Requests ? TimeSpan.MaxValue : _accepted.Latest(limit.Requests - inFlight) + limit.Window ?? TimeSpan.Zero;

    private static bool IsAbout(Limit limit, int requests) => Math.Abs(requests - limit.Requests) <= Tolerance(limit);

    private static int Tolerance(Limit limit) => Math.Max(1, limit.Requests / 20);

    private static TimeSpan? ShorterWindow(Limit limit) =>
        UsualWindows.LastOrDefault(window => window < limit.Window) is var shorter && shorter > limit.RuledOutWindow ? shorter : null;

    private static TimeSpan UsualWindow(TimeSpan above, TimeSpan upTo) =>
        UsualWindows.LastOrDefault(window => window <= upTo) is var usual && usual > above && usual > TimeSpan.Zero ? usual
        : upTo > UsualWindows[0] ? upTo
        : UsualWindows[0];

    /// <summary>So many requests in any stretch of so long.</summary>
    /// <param name="Requests">How many.</param>
    /// <param name="Window">In how long.</param>
    /// <param name="RuledOutWindow">A window up to this is too short; equal to the window when the service named it.</param>
    private readonly record struct Limit(int Requests, TimeSpan Window, TimeSpan RuledOutWindow);
}
