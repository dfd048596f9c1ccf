using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// When a request may go, by all that is known: the gate that a 429 closed, the room that the service says it has, the
/// limit that was learned, or the rate that the user gave. Called under the governor's lock.
/// </summary>
internal sealed class RatePolicy
{
    private readonly LearnedLimit _learned = new();
    private readonly ToldRoom _room = new();
    private readonly InFlightRamp _ramp = new();
    private readonly FixedPace _fixed = new();

    /// <summary>The gate.</summary>
    internal Gate Gate { get; } = new(Random.Shared);

    /// <summary>The limit that was learned; null while none is.</summary>
    internal RequestLimit? Learned =>
        _learned.Current is { } limit ? new RequestLimit(limit.Requests, limit.Window, IsFixed: false) : null;

    /// <summary>When a request may go.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">Who asks.</param>
    /// <param name="inFlight">How many requests are under way.</param>
    /// <param name="lastSent">When the last of them was sent.</param>
    /// <param name="isProbe">True when it would go now beyond the learned limit, to see whether that still holds.</param>
    /// <returns>A moment that may be past; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</returns>
    internal TimeSpan OpensAt(TimeSpan now, PermitRequest request, int inFlight, TimeSpan lastSent, out bool isProbe)
    {
        isProbe = false;
        if (Gate.OpensAt > now)
        {
            return Gate.OpensAt;
        }

        if (request.Interval is { } spacing)
        {
            return _fixed.OpensAt(spacing);
        }

        var makesRoom = _ramp.OpensAt(inFlight, inFlight - request.Budget.InFlight, lastSent);
        if (makesRoom > now)
        {
            return makesRoom;
        }

        if (_room.IsSpeaking)
        {
            return _room.OpensAt(now, inFlight);
        }

        // The gate has opened: whatever is still under way, it is time to decide.
        _learned.Settle();
        var opens = _learned.OpensAt(inFlight);
        if (opens > now && _learned.ProbesAt(inFlight) is { } probe && probe < opens)
        {
            isProbe = probe <= now;
            return probe;
        }

        return opens;
    }

    /// <summary>Notes that a request goes.</summary>
    internal void Release(TimeSpan? interval, TimeSpan since)
    {
        if (interval is { } spacing)
        {
            _fixed.Release(spacing, since > Gate.OpensAt ? since : Gate.OpensAt);
        }
    }

    /// <summary>Notes that a request was let through.</summary>
    internal void Accept(Permit permit, long lastSent, TimeSpan now, RateSignals signals)
    {
        if (permit.GateNumber == Gate.Number)
        {
            Gate.Pass();
            _ramp.Grow();
        }

        if (_learned.Accept(permit.Sent, now, permit.IsProbe) && _learned.Current is { } limit)
        {
            _ramp.Hold(limit.Requests);
        }

        if (_room.Accept(permit.Order, lastSent, now, signals) && signals is { Limit: { } named, Reset: { } reset })
        {
            _learned.Exhaust(new LearnedLimit.Finding(permit.Sent, now, reset, RateSignals.ResetRounding, IsGuess: false, named));
        }
    }

    /// <summary>Notes that a request was answered 429.</summary>
    internal void Refuse(Permit permit, long lastSent, int inFlight, TimeSpan now, RateSignals signals, ServiceReply reply)
    {
        _room.Refuse(permit.Order, lastSent, now, signals);
        if (permit.GateNumber != Gate.Number)
        {
            // It was on its way when the gate closed: no news, unless it is told to wait for longer.
            Gate.Extend(now + (signals.Wait ?? TimeSpan.Zero));
            return;
        }

        var wait = Gate.WaitFor(signals, _learned.UntoldWait(now, inFlight, permit.IsProbe), out var isGuess);
        Gate.Close(now, wait, $"The service answered 429 (too many requests) and {signals.WaitSource}", reply, permit.IsProbe);
        _ramp.Restart();
        var limit = signals is { Remaining: 0, Limit: { } named } ? named : default(int?);
        _learned.Refuse(new LearnedLimit.Finding(permit.Sent, now, wait, signals.WaitRounding, isGuess, limit), permit.IsProbe);
    }

    /// <summary>Notes that what became of a request is not known: it may have counted.</summary>
    internal void Lose(Permit permit, TimeSpan now) => _learned.Accept(permit.Sent, now, isProbe: false);

    /// <summary>Draws conclusions, now that every request under way has been answered.</summary>
    internal void Settle(TimeSpan now)
    {
        if (_learned.Settle() is not { } finding)
        {
            return;
        }

        // If what is used up was used up by us, the learned window knows its end better than a rounded reset does.
        var opens = _learned.IsUsual ? _learned.OpensAt(inFlight: 0) : TimeSpan.Zero;
        var earliest = finding.At + finding.Wait - finding.Rounding;
        if (opens > now)
        {
            _room.Shorten(opens > earliest ? opens : earliest);
        }
    }
}
