namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// How many more requests the service says it takes (<c>X-RateLimit-Remaining</c>) until when (<c>X-RateLimit-Reset</c>).
/// While it says so, and its answers agree, nothing else sets the pace. Called under the governor's lock.
/// </summary>
internal sealed class AnnouncedRoom
{
    // A longer pause is not made because of a header alone.
    private static readonly TimeSpan LongestUnprovenPause = TimeSpan.FromMinutes(2);

    private int? _remaining;
    private TimeSpan _resetsAt;
    private long _newestRequest;
    private long? _askingSince;
    private bool _isAnnounced;
    private bool _isFirstAfterReset;
    private bool _isProven;
    private bool _isWrong;

    /// <summary>True while the service announces its room and the answers agree.</summary>
    internal bool IsTrusted => _isAnnounced && !_isWrong;

    /// <summary>When the next request may go; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</summary>
    internal TimeSpan OpensAt(TimeSpan now, int inFlight)
    {
        if (_remaining is { } remaining && now < _resetsAt)
        {
            return remaining == 0 ? _resetsAt : inFlight < remaining ? TimeSpan.Zero : TimeSpan.MaxValue;
        }

        // After the reset one request goes first: its answer says how many may follow.
        _isFirstAfterReset |= _remaining == 0;
        _remaining = null;
        return _isFirstAfterReset && inFlight > 0 ? TimeSpan.MaxValue : TimeSpan.Zero;
    }

    /// <summary>Reads the headers of an answer that is no 429.</summary>
    /// <param name="order">The place of its request among all that were sent.</param>
    /// <param name="lastSent">The place of the one sent last.</param>
    /// <param name="now">When it arrived.</param>
    /// <param name="signals">What it says.</param>
    /// <returns>True when no more requests are taken until the reset.</returns>
    internal bool Accept(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        // It was sent although there was to be no room, and was taken: the headers are about some other limit.
        _isWrong |= order > _askingSince;
        var isFirst = _isFirstAfterReset;
        if (!Read(order, lastSent, now, signals) || _remaining > 0)
        {
            return false;
        }

        var takesOnlyOne = isFirst && signals.Limit > 1;
        if (!_isProven && (takesOnlyOne || signals.Reset > LongestUnprovenPause))
        {
            // Hard to believe: one more request finds out, before the load waits for nothing.
            _askingSince ??= lastSent;
            _remaining = null;
            _isFirstAfterReset = true;
            return false;
        }

        return true;
    }

    /// <summary>Reads the headers of a 429.</summary>
    internal void Refuse(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        _isWrong = signals.Remaining > 0 || (_isWrong && signals.Remaining is null);
        _isProven |= signals.Remaining == 0;
        _askingSince = null;
        Read(order, lastSent, now, signals);
    }

    /// <summary>Ends the pause sooner, for a reset is in whole seconds and the learned limit may know better.</summary>
    internal void Shorten(TimeSpan opensAt) => _resetsAt = opensAt < _resetsAt && !_isProven ? opensAt : _resetsAt;

    private bool Read(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        if (signals is not { Remaining: { } remaining, Reset: { } reset })
        {
            // The error page of a gateway has no such headers. When the reset passes without any, they have ended.
            _isAnnounced &= now < _resetsAt;
            return false;
        }

        // Answers overtake each other. Only the request sent after the newest answer surely knows more; any other can
        // only show that there is less.
        _remaining = order > _newestRequest || now >= _resetsAt ? remaining : Math.Min(_remaining ?? remaining, remaining);
        _newestRequest = lastSent;
        _resetsAt = now + reset;
        _isAnnounced = true;
        _isFirstAfterReset = false;
        return true;
    }
}
