namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// The room that the service says it has left (<c>X-RateLimit-Remaining</c>), until its reset. Where it is told, it is
/// what the pace goes by, as long as the answers bear it out. Called under the governor's lock.
/// </summary>
internal sealed class ToldRoom
{
    // A longer pause than this is not made on the word of a header alone.
    private static readonly TimeSpan BelievablePause = TimeSpan.FromMinutes(2);

    private int? _remaining;
    private long _lastSent;
    private long? _doubtedSince;
    private TimeSpan _validUntil;
    private bool _isSpeaking;
    private bool _isUnsure;
    private bool _isProven;
    private bool _isDistrusted;
    private bool _isShortened;
    private bool _mayShorten = true;

    /// <summary>True while the service tells its room, and means this limit by it.</summary>
    internal bool IsSpeaking => _isSpeaking && !_isDistrusted;

    /// <summary>Reads the headers of an answer that is no refusal.</summary>
    /// <param name="order">The place of the request that it answers, among all that were sent.</param>
    /// <param name="lastSent">The place of the one sent last.</param>
    /// <param name="now">When it was heard.</param>
    /// <param name="signals">What it says.</param>
    /// <returns>True when there is no room left until the reset.</returns>
    internal bool Accept(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        // There was to be no room, and yet it was let through: the headers speak of some other limit.
        _isDistrusted |= order > _doubtedSince;
        var isFirst = _isUnsure;
        if (!Read(order, lastSent, now, signals))
        {
            return false;
        }

        var isOdd = isFirst && signals.Limit > 1;
        if (!_isProven && (isOdd || signals.Reset > BelievablePause))
        {
            // One request asks, before anybody waits for nothing.
            _doubtedSince ??= lastSent;
            _remaining = null;
            _isUnsure = true;
            return false;
        }

        return true;
    }

    /// <summary>Reads the headers of a refusal.</summary>
    internal void Refuse(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        _isDistrusted |= signals.Remaining > 0;
        _isProven |= signals.Remaining == 0;
        _doubtedSince = null;
        _mayShorten &= !_isShortened;
        Read(order, lastSent, now, signals);
    }

    /// <summary>Ends the pause sooner, where better is known than the rounded time of the reset.</summary>
    internal void Shorten(TimeSpan to)
    {
        if (_mayShorten && _remaining == 0 && to < _validUntil)
        {
            _validUntil = to;
            _isShortened = true;
        }
    }

    /// <summary>When the next request may go.</summary>
    /// <returns>A moment that may be past; <see cref="TimeSpan.MaxValue"/> when only an answer can tell.</returns>
    internal TimeSpan OpensAt(TimeSpan now, int inFlight)
    {
        if (_remaining is { } remaining)
        {
            if (now < _validUntil)
            {
                return remaining == 0 ? _validUntil : inFlight >= remaining ? TimeSpan.MaxValue : TimeSpan.Zero;
            }

            // The reset has come: the first answer after it says what there is.
            _isUnsure = remaining == 0;
            _remaining = null;
        }

        return _isUnsure && inFlight > 0 ? TimeSpan.MaxValue : TimeSpan.Zero;
    }

    private bool Read(long order, long lastSent, TimeSpan now, RateSignals signals)
    {
        if (signals.Remaining is not { } remaining || signals.Reset is not { } reset)
        {
            // An error page of a gateway is not the end of it; silence after the reset is.
            _isSpeaking &= now < _validUntil;
            return false;
        }

        // Requests overtake each other, and answers too: only the answer to one that was sent after the last answer
        // surely knows more than that. Any other can show that there is less.
        _remaining = order > _lastSent || now >= _validUntil ? remaining : Math.Min(_remaining ?? remaining, remaining);
        _lastSent = lastSent;
        _isSpeaking = true;
        _isUnsure = false;
        _isShortened = false;
        _validUntil = now + reset;
        return _remaining == 0;
    }
}
