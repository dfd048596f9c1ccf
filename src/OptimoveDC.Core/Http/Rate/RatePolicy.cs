using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Decides when the next request may go. Four states: free (nothing is known), closed (a 429 asked for a pause), paced
/// (a limit was learned and is kept), raising (the service took more than the learned limit). The page docs/rate.md draws
/// them and follows an example. Called under the governor's lock.
/// </summary>
/// <param name="random">Where the jitter comes from.</param>
internal sealed class RatePolicy(Random random)
{
    // A 429 that doesn't say how long: ten seconds, doubled with each further one.
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);
    private const int MostDoublings = 6;

    // A service that says "now" and then refuses again is asked less and less often.
    private static readonly TimeSpan ShortestSecondWait = TimeSpan.FromSeconds(0.5);

    // Clients that were refused together should not come back together.
    private static readonly TimeSpan MostJitter = TimeSpan.FromMilliseconds(500);
    private const double JitterShare = 0.1;

    // A gate that stays closed for longer than a load waits lets one request ask this often: it may have opened early.
    private static readonly TimeSpan AskInterval = TimeSpan.FromMinutes(1);

    // What is under way when a limit is met is refused whole. So several loads begin together as carefully as one, and
    // after a 429 one request goes first. Each answer makes room for more.
    private const double FirstInFlight = 4;
    private const double GrowthBeforeRefusal = 0.03;
    private const double GrowthAfterRefusal = 0.5;

    // A 429 comes at once. An answer that takes longer is none, and the next request need not wait for it.
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);

    // How often the same limit has to be met before it is kept; more often where few requests were accepted, for a small
    // number agrees with another easily.
    private const int Few = 20;
    private const int RefusalsNeeded = 2;
    private const int RefusalsNeededForFew = 3;

    // A refusal at this share of the limit means that the limit is a little lower.
    private const double NearMiss = 0.8;
    private const double SmallStep = 0.05;

    // A limit that is kept is tested by one request on top: after two windows, but after a hundred requests at least where
    // windows are short, so that few requests are refused.
    private const int WindowsBetweenTests = 2;
    private const int RarerEachTime = 10;
    private const int RequestsBetweenTests = 150;
    private static readonly TimeSpan ShortWindow = TimeSpan.FromSeconds(5);

    // A limit that was exceeded and not met again for so many windows is forgotten.
    private const int WindowsUntilForgotten = 3;
    private const int ManyOnTop = 2;

    // Services count in one of these. A measured window is a little long, by rounding and by jitter.
    private static readonly TimeSpan[] UsualWindows =
        [.. new[] { 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 21600, 43200, 86400 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private readonly AcceptedRequests _accepted = new();
    private readonly AnnouncedRoom _room = new();

    // The gate. What closed it is one refusal, however often it is repeated, until a request is accepted.
    private TimeSpan _closedAt;
    private int _refusedInARow;
    private bool _isRefusing;
    private bool _isExplained;
    private TimeSpan _refusedSentAt;
    private TimeSpan? _askedUntil;
    private TimeSpan _rounding;

    // The number of requests in flight.
    private double _mostInFlight = FirstInFlight;
    private double _growth = GrowthBeforeRefusal;
    private bool _wasRefused;

    // The evidence: what was accepted since the last pause, and the limit that the last refusal points to.
    private TimeSpan _burstStart;
    private int _burstCount;
    private Pace? _suspected;
    private int _timesMet;

    // The limit that is kept.
    private Pace? _pace;
    private int _acceptedSinceTest;
    private int _testAfter;
    private TimeSpan? _raisingSince;
    private int _acceptedWhileRaising;
    private TimeSpan? _triedWindow;
    private TimeSpan _trialStart;
    private int _acceptedInTrial;

    private TimeSpan? _lastAtFixedPace;

    /// <summary>When the gate opens; a moment that may be past.</summary>
    internal TimeSpan GateOpensAt { get; private set; }

    /// <summary>How often the gate was closed.</summary>
    internal int GateNumber { get; private set; }

    /// <summary>Why it was closed, in words for the user.</summary>
    internal string GateReason { get; private set; } = "";

    /// <summary>The 429 that closed it; null before the first.</summary>
    internal ServiceReply? GateReply { get; private set; }

    /// <summary>True while a request asks although the gate is closed.</summary>
    internal bool IsAskedWhileClosed { get; private set; }

    /// <summary>The limit that was learned; null while none is.</summary>
    internal RequestLimit? Learned => _pace is { } pace ? new RequestLimit(pace.Requests, pace.Window, IsFixed: false) : null;

    /// <summary>When a request may go.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">Who asks.</param>
    /// <param name="inFlight">How many requests are under way.</param>
    /// <param name="lastSent">When the last of them was sent.</param>
    /// <returns>A moment that may be past; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</returns>
    internal TimeSpan OpensAt(TimeSpan now, PermitRequest request, int inFlight, TimeSpan lastSent)
    {
        if (GateOpensAt > now)
        {
            return GateOpensAt;
        }

        if (request.Interval is { } interval)
        {
            return FixedPaceOpensAt(interval);
        }

        var isOnlyLoad = inFlight == request.Budget.InFlight;
        var most = _wasRefused || !isOnlyLoad ? MostInFlight() : int.MaxValue;
        var makesRoom = inFlight < most ? TimeSpan.Zero : most < FirstInFlight ? lastSent + SlowAnswer : TimeSpan.MaxValue;
        return makesRoom > now ? makesRoom
            : _room.IsTrusted ? _room.OpensAt(now, inFlight)
            : PaceOpensAt(now, inFlight);
    }

    /// <summary>A request goes now.</summary>
    /// <param name="request">Who asked.</param>
    /// <param name="since">Since when it waits.</param>
    /// <param name="now">The time.</param>
    /// <param name="inFlight">How many others are under way.</param>
    /// <returns>True when it goes on top of the limit that is kept, to test it.</returns>
    internal bool Release(PermitRequest request, TimeSpan since, TimeSpan now, int inFlight)
    {
        if (request.Interval is { } interval)
        {
            // Counted from when it was due, not from when a late timer let it go: else the rate would fall short.
            var couldGo = since > GateOpensAt ? since : GateOpensAt;
            var due = FixedPaceOpensAt(interval);
            _lastAtFixedPace = due > couldGo ? due : couldGo;
        }
        else if (_triedWindow is null && _raisingSince is null && !_room.IsTrusted && _pace is { } pace && FullUntil(pace, inFlight) > now)
        {
            if (IsTestDue)
            {
                _acceptedSinceTest = 0;
                return true;
            }

            _triedWindow = ShorterWindow(pace);
            (_trialStart, _acceptedInTrial) = (now, 0);
        }

        return false;
    }

    /// <summary>A request was accepted: answered, and not with 429.</summary>
    /// <param name="permit">Its permit.</param>
    /// <param name="lastSent">The place of the request sent last.</param>
    /// <param name="now">The time.</param>
    /// <param name="signals">What the answer says about the limit.</param>
    internal void Accept(Permit permit, long lastSent, TimeSpan now, RateSignals signals)
    {
        var wasSentSinceGate = permit.GateNumber == GateNumber;
        if (wasSentSinceGate)
        {
            Reopen(now);
        }

        Count(now, wasSentSinceGate && permit.IsTest);
        if (_room.Accept(permit.Order, lastSent, now, signals)
            && signals is { Limit: { } named, Reset: { } reset }
            && _accepted.Latest(named) is { } oldest)
        {
            var longest = now + reset - oldest;
            var window = UsualWindow(longest - RateSignals.ResetRounding, longest);
            var pace = new Pace(named, window, window);
            Keep(pace, testAfter: named);
            if (FullUntil(pace, inFlight: 0) is var exact && exact > now + reset - RateSignals.ResetRounding)
            {
                _room.Shorten(exact);
            }
        }
    }

    /// <summary>It is not known what became of a request: it may have counted.</summary>
    internal void Lose(TimeSpan now) => Count(now, isTest: false);

    /// <summary>A request was answered 429.</summary>
    /// <param name="permit">Its permit.</param>
    /// <param name="lastSent">The place of the request sent last.</param>
    /// <param name="now">The time.</param>
    /// <param name="signals">What the answer says about the limit.</param>
    /// <param name="reply">The answer.</param>
    internal void Refuse(Permit permit, long lastSent, TimeSpan now, RateSignals signals, ServiceReply reply)
    {
        _room.Refuse(permit.Order, lastSent, now, signals);
        if (permit.GateNumber != GateNumber)
        {
            // It was under way when the gate closed: no news, unless it asks for a longer pause.
            if (now + signals.Wait is { } until && until > GateOpensAt)
            {
                (GateOpensAt, _askedUntil) = (until, until);
            }

            return;
        }

        _refusedSentAt = permit.SentAt;
        if (!_isRefusing)
        {
            Learn(permit.IsTest, now);
            _isRefusing = true;
        }

        var wait = WaitFor(signals, now);
        _askedUntil = now + signals.Wait;
        _rounding = signals.WaitRounding;
        _closedAt = now;
        _refusedInARow++;
        _wasRefused = true;
        _mostInFlight = 1;
        IsAskedWhileClosed = false;
        GateNumber++;
        GateOpensAt = now + wait + (random.NextDouble() * Least(MostJitter, JitterShare * wait));
        GateReason = $"The service answered 429 (too many requests) and {signals.WaitSource}";
        GateReply = reply;
    }

    /// <summary>Lets one request ask although the gate is closed, if it has been for a while.</summary>
    internal bool TryAskWhileClosed(TimeSpan now) => IsAskedWhileClosed = GateOpensAt > now && now - _closedAt >= AskInterval;

    private bool IsTestDue => _acceptedSinceTest >= _testAfter;

    private TimeSpan FixedPaceOpensAt(TimeSpan interval) => _lastAtFixedPace + interval ?? TimeSpan.Zero;

    private TimeSpan WaitFor(RateSignals signals, TimeSpan now)
    {
        var doubled = Math.Pow(2, Math.Min(_refusedInARow, MostDoublings));
        var known = _refusedInARow == 0 && _pace is { } pace && IsFull(pace, now) ? FullUntil(pace, inFlight: 0) - now : default(TimeSpan?);
        if (signals.Wait is not { } asked)
        {
            return known ?? DefaultWait * doubled;
        }

        // What is asked for is in whole seconds; within those, the limit that is kept knows better.
        return _refusedInARow > 0 ? Most(asked, ShortestSecondWait * doubled)
            : known is { } exact && exact > asked - signals.WaitRounding && exact < asked ? exact
            : asked;
    }

    private int MostInFlight()
    {
        var most = (int)_mostInFlight;
        return _room.IsTrusted ? most
            : _triedWindow is not null ? 1
            : _raisingSince is not null ? Math.Min(most, 1 + (_acceptedWhileRaising / 2))
            : _suspected is { } suspected ? Math.Min(most, Math.Max(1, suspected.Requests - _burstCount))
            : most;
    }

    private TimeSpan PaceOpensAt(TimeSpan now, int inFlight)
    {
        if (_pace is not { } pace || _raisingSince is not null)
        {
            return TimeSpan.Zero;
        }

        if (_triedWindow is { } tried)
        {
            return FullUntil(pace with { Window = tried }, inFlight);
        }

        var opens = FullUntil(pace, inFlight);
        return opens <= now ? opens
            : IsTestDue ? now
            : inFlight == 0 && ShorterWindow(pace) is { } shorter ? FullUntil(pace with { Window = shorter }, inFlight)
            : opens;
    }

    // What a refusal, the first since a request was accepted, says about the limit.
    private void Learn(bool wasTest, TimeSpan now)
    {
        _isExplained = false;
        if (_triedWindow is { } tried && _pace is { } longer)
        {
            // Either the limit stands, or the service refills bit by bit: then a part of it was accepted in a part of the time.
            var part = longer with { Requests = (int)(longer.Requests * (tried / longer.Window)), Window = tried };
            var isPart = _acceptedInTrial > 0 && IsAbout(part, _acceptedInTrial);
            Keep(isPart ? part : longer with { ShortestWindow = tried }, WindowsBetweenTests * longer.Requests);
            _isExplained = true;
            return;
        }

        if (_pace is { } pace && Used(pace, now) is var used && (wasTest || used >= NearMiss * pace.Requests))
        {
            var wasBeyond = wasTest || _raisingSince is not null;
            var corrected = pace.Window >= ShortWindow ? pace with { Requests = used } : CorrectShort(pace, used);
            var rarer = pace.Window < ShortWindow ? Math.Min(RarerEachTime * _testAfter, RequestsBetweenTests) : 0;
            Keep(corrected, wasBeyond ? Math.Max(WindowsBetweenTests * corrected.Requests, rarer) : _testAfter - _acceptedSinceTest);
            _isExplained = true;
        }

        if (_suspected is { } suspected && (IsAbout(suspected, _burstCount) || IsAbout(suspected, Used(suspected, now))))
        {
            _isExplained = true;
            if (++_timesMet >= (suspected.Requests < Few || suspected.Window < ShortWindow ? RefusalsNeededForFew : RefusalsNeeded))
            {
                Keep(suspected with { Requests = Math.Min(suspected.Requests, Math.Max(_burstCount, Used(suspected, now))) }, testAfter: suspected.Requests);
                _suspected = null;
            }
        }
    }

    // In a short window the count says little: a bucket that refills may have saved some, or be behind by a little.
    private Pace CorrectShort(Pace pace, int used) => pace with
    {
        Window = pace.Window * (used < pace.Requests ? 1 + SmallStep : _raisingSince is not null && used > pace.Requests * 5 / 4 ? 1 - (2 * SmallStep) : 1),
    };

    private void Keep(Pace pace, int testAfter)
    {
        _pace = pace with { Requests = Math.Max(1, pace.Requests) };
        _raisingSince = null;
        _triedWindow = null;
        _acceptedSinceTest = 0;
        _testAfter = testAfter;
    }

    // A request sent since the gate was closed is accepted.
    private void Reopen(TimeSpan now)
    {
        _refusedInARow = 0;
        if (IsAskedWhileClosed)
        {
            IsAskedWhileClosed = false;
            GateOpensAt = TimeSpan.Zero;
        }

        if (_isRefusing)
        {
            _isRefusing = false;
            _growth = _burstCount < Few / 2 ? GrowthAfterRefusal / 2 : GrowthAfterRefusal;
            Suspect(now);
            (_burstStart, _burstCount) = (now, 0);
        }

        _mostInFlight += _growth;
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
        if (!_isExplained || window < 0.9 * _pace?.Window)
        {
            _suspected = new Pace(_burstCount, window, isExact && _askedUntil is not null ? window : shortest);
            _timesMet = 1;
        }
    }

    private void Count(TimeSpan now, bool isTest)
    {
        if (_burstCount == 0 || (_pace is { } last && Used(last, now) == 0))
        {
            (_burstStart, _burstCount) = (now, 0);
            _triedWindow = null;
        }

        _accepted.Add(now);
        _burstCount++;
        _acceptedSinceTest++;
        _acceptedWhileRaising += _raisingSince is null ? 0 : 1;
        if (_suspected is { } suspected && _burstCount > suspected.Requests + Tolerance(suspected))
        {
            _suspected = null;
        }

        if (_pace is not { } pace)
        {
            return;
        }

        if (_triedWindow is { } tried)
        {
            if (++_acceptedInTrial >= pace.Requests)
            {
                Keep(pace with { Window = tried }, testAfter: pace.Requests);
            }
            else if (now - _trialStart > tried)
            {
                // One by one, the shorter window can't be filled: nothing can be learned.
                Keep(pace with { ShortestWindow = tried }, testAfter: pace.Requests);
            }
        }
        else if (isTest)
        {
            (_raisingSince, _acceptedWhileRaising) = (now, 1);
        }
        else if (_isRefusing && pace.Window >= ShortWindow && Used(pace, now) is var used && used > pace.Requests)
        {
            // It was under way when the limit was met.
            _pace = pace with { Requests = used };
        }

        if (_raisingSince is { } since && (now - since > WindowsUntilForgotten * pace.Window || _acceptedWhileRaising > ManyOnTop * pace.Requests))
        {
            (_pace, _raisingSince) = (null, null);
        }
    }

    private int Used(Pace pace, TimeSpan now) => _accepted.CountSince(now - pace.Window);

    private bool IsFull(Pace pace, TimeSpan now) => Used(pace, now) >= pace.Requests;

    private TimeSpan FullUntil(Pace pace, int inFlight) =>
        inFlight >= pace.Requests ? TimeSpan.MaxValue : _accepted.Latest(pace.Requests - inFlight) + pace.Window ?? TimeSpan.Zero;

    private static bool IsAbout(Pace pace, int requests) => Math.Abs(requests - pace.Requests) <= Tolerance(pace);

    private static int Tolerance(Pace pace) => Math.Max(1, pace.Requests / 20);

    // A window that nobody named is a guess, and may be much too long: the next shorter one that is possible.
    private static TimeSpan? ShorterWindow(Pace pace) =>
        UsualWindows.LastOrDefault(window => window < pace.Window) is var shorter && shorter > pace.ShortestWindow ? shorter : null;

    private static TimeSpan UsualWindow(TimeSpan above, TimeSpan upTo) =>
        UsualWindows.LastOrDefault(window => window <= upTo) is var usual && usual > above && usual > TimeSpan.Zero ? usual : Most(upTo, UsualWindows[0]);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Most(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>A limit: so many requests in any stretch of so long.</summary>
    /// <param name="Requests">How many.</param>
    /// <param name="Window">In how long.</param>
    /// <param name="ShortestWindow">A window up to this is ruled out; equal to the window when the service named it.</param>
    private readonly record struct Pace(int Requests, TimeSpan Window, TimeSpan ShortestWindow);
}
