using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// Decides when the next request may go: not while a 429 keeps the gate closed; then no sooner than the user's own rate,
/// the room that the service announces, or the limit that was learned allows. Called under the governor's lock.
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

    // What is in flight when a limit is met is refused whole. So several loads begin together as carefully as one, and
    // after a 429 one request goes first. Each answer makes room for more.
    private const double FirstInFlight = 4;
    private const double GrowthBeforeRefusal = 0.015;
    private const double GrowthAfterRefusal = 0.5;

    // A 429 comes at once. An answer that takes longer is none, and the next request need not wait for it.
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(2);

    private readonly LearnedLimit _learned = new();
    private readonly AnnouncedRoom _room = new();
    private TimeSpan _closedAt;
    private int _refusedInARow;
    private bool _wasRefused;
    private double _mostInFlight = FirstInFlight;
    private TimeSpan? _lastAtFixedRate;

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
    internal RequestLimit? Learned => _learned.Current;

    /// <summary>When a request may go.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">Who asks.</param>
    /// <param name="inFlight">How many requests are in flight.</param>
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
            return FixedRateOpensAt(interval);
        }

        var isOnlyLoad = inFlight == request.Budget.InFlight;
        var most = _wasRefused || !isOnlyLoad ? MostInFlight : int.MaxValue;
        var makesRoom = inFlight < most ? TimeSpan.Zero : most < FirstInFlight ? lastSent + SlowAnswer : TimeSpan.MaxValue;
        return makesRoom > now ? makesRoom
            : _room.IsTrusted ? _room.OpensAt(now, inFlight)
            : _learned.OpensAt(now, inFlight);
    }

    /// <summary>A request goes now.</summary>
    /// <param name="request">Who asked.</param>
    /// <param name="since">Since when it waits.</param>
    /// <param name="now">The time.</param>
    /// <param name="inFlight">How many others are in flight.</param>
    /// <returns>True when it goes on top of the learned limit, to test it.</returns>
    internal bool Release(PermitRequest request, TimeSpan since, TimeSpan now, int inFlight)
    {
        if (request.Interval is not { } interval)
        {
            return !_room.IsTrusted && _learned.Release(now, inFlight);
        }

        // Counted from when it was due, not from when a late timer let it go: else the rate would fall short.
        var couldGo = since > GateOpensAt ? since : GateOpensAt;
        var due = FixedRateOpensAt(interval);
        _lastAtFixedRate = due > couldGo ? due : couldGo;
        return false;
    }

    /// <summary>A request was accepted: answered, and not with 429.</summary>
    /// <param name="permit">Its permit.</param>
    /// <param name="lastSent">The place of the request sent last.</param>
    /// <param name="now">The time.</param>
    /// <param name="signals">What the answer says about the limit.</param>
    internal void Accept(Permit permit, long lastSent, TimeSpan now, RateSignals signals)
    {
        var wasSentSinceClosing = permit.GateNumber == GateNumber;
        if (wasSentSinceClosing)
        {
            _refusedInARow = 0;
            _mostInFlight += _wasRefused ? GrowthAfterRefusal : GrowthBeforeRefusal;
            GateOpensAt = IsAskedWhileClosed ? TimeSpan.Zero : GateOpensAt;
            IsAskedWhileClosed = false;
            _learned.EndRefusal(now);
        }

        _learned.Count(now, isTest: wasSentSinceClosing && permit.IsTest);
        if (_room.Accept(permit.Order, lastSent, now, signals)
            && signals is { Limit: { } limit, Reset: { } reset }
            && _learned.Announce(limit, reset, now) is { } exact
            && exact > now + reset - RateSignals.ResetRounding)
        {
            _room.Shorten(exact);
        }
    }

    /// <summary>It is not known what became of a request: it may have counted.</summary>
    internal void Lose(TimeSpan now) => _learned.Count(now, isTest: false);

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
            // It was in flight when the gate closed: no news, unless it asks for a longer pause.
            if (now + signals.Wait is { } until && until > GateOpensAt)
            {
                GateOpensAt = until;
                _learned.Extend(until);
            }

            return;
        }

        var expected = _learned.Refuse(permit.SentAt, permit.IsTest, now, signals);
        GateOpensAt = now + WaitFor(signals, expected - now);
        GateReason = $"The service answered 429 (too many requests) and {signals.WaitSource}";
        GateReply = reply;
        GateNumber++;
        IsAskedWhileClosed = false;
        _closedAt = now;
        _refusedInARow++;
        _wasRefused = true;
        _mostInFlight = 1;
    }

    /// <summary>Lets one request ask although the gate is closed, if it has been for a while.</summary>
    internal bool TryAskWhileClosed(TimeSpan now) => IsAskedWhileClosed = GateOpensAt > now && now - _closedAt >= AskInterval;

    private int MostInFlight => _room.IsTrusted ? (int)_mostInFlight : Math.Min((int)_mostInFlight, _learned.MostInFlight);

    private TimeSpan FixedRateOpensAt(TimeSpan interval) => _lastAtFixedRate + interval ?? TimeSpan.Zero;

    private TimeSpan WaitFor(RateSignals signals, TimeSpan? expected)
    {
        // Within the rounding of what is asked for, the learned limit is more exact. Where it holds, nobody else uses the
        // key, so no jitter is needed.
        if (_refusedInARow == 0 && expected is { } exact && (signals.Wait is not { } told || (exact > told - signals.WaitRounding && exact <= told)))
        {
            return exact;
        }

        var doubled = Math.Pow(2, Math.Min(_refusedInARow, MostDoublings));
        var shortest = _refusedInARow == 0 ? TimeSpan.Zero : ShortestSecondWait * doubled;
        var wait = signals.Wait is not { } asked ? DefaultWait * doubled : asked > shortest ? asked : shortest;
        var jitter = JitterShare * wait;
        return wait + (random.NextDouble() * (jitter < MostJitter ? jitter : MostJitter));
    }
}
