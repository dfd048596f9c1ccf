using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>Closed by a 429 for everybody who shares the key, for as long as the service asks. Called under the governor's lock.</summary>
internal sealed class Gate(Random random)
{
    private const int MostDoublings = 6;

    // The wait for a 429 that says nothing of its own; doubled with every further one.
    private static readonly TimeSpan UntoldWait = TimeSpan.FromSeconds(10);

    // A service that says «now», or whose clock is wrong, and then refuses again is asked less and less often.
    private static readonly TimeSpan LeastWaitAgain = TimeSpan.FromSeconds(0.5);

    // Clients that were refused together should not come back together.
    private static readonly TimeSpan MostJitter = TimeSpan.FromMilliseconds(500);

    // A gate closed for longer than a load would wait is knocked at so often: the limit may have been raised meanwhile.
    private static readonly TimeSpan KnockInterval = TimeSpan.FromMinutes(1);

    private int _inARow;
    private TimeSpan _closedAt;

    /// <summary>True when a request was let out to ask although it is closed.</summary>
    internal bool IsKnockedAt { get; private set; }

    /// <summary>How often it was closed.</summary>
    internal int Number { get; private set; }

    /// <summary>When it opens.</summary>
    internal TimeSpan OpensAt { get; private set; }

    /// <summary>Why it was closed, in words for the user.</summary>
    internal string Reason { get; private set; } = "";

    /// <summary>The 429 that closed it; null before the first.</summary>
    internal ServiceReply? Reply { get; private set; }

    /// <summary>How long a refusal heard now keeps everybody waiting, without jitter.</summary>
    /// <param name="signals">What it says.</param>
    /// <param name="learned">The wait that is known from experience; null when none is.</param>
    /// <param name="isGuess">True when neither is there.</param>
    internal TimeSpan WaitFor(RateSignals signals, TimeSpan? learned, out bool isGuess)
    {
        var doubled = Math.Pow(2, Math.Min(_inARow, MostDoublings));
        isGuess = false;
        if (signals.Wait is { } asked)
        {
            var least = _inARow == 0 ? TimeSpan.Zero : LeastWaitAgain * doubled;
            return asked > least ? asked : least;
        }

        if (_inARow == 0 && learned is { } known)
        {
            return known;
        }

        isGuess = true;
        return UntoldWait * doubled;
    }

    /// <summary>Closes the gate.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long, without jitter.</param>
    /// <param name="reason">Why, in words for the user.</param>
    /// <param name="reply">The 429.</param>
    /// <param name="wasAskedFor">True when the refused request went beyond the known limit on purpose.</param>
    internal void Close(TimeSpan now, TimeSpan wait, string reason, ServiceReply reply, bool wasAskedFor)
    {
        Number++;
        _inARow += wasAskedFor ? 0 : 1;
        _closedAt = now;
        IsKnockedAt = false;
        OpensAt = now + wait + (random.NextDouble() * MostJitter);
        Reason = reason;
        Reply = reply;
    }

    /// <summary>Keeps it closed for longer: a request sent before it was closed was refused too, and told more.</summary>
    internal void Extend(TimeSpan until) => OpensAt = until > OpensAt ? until : OpensAt;

    /// <summary>A request sent since it was closed last was let through.</summary>
    internal void Pass()
    {
        _inARow = 0;
        if (IsKnockedAt)
        {
            IsKnockedAt = false;
            OpensAt = TimeSpan.Zero;
        }
    }

    /// <summary>Lets one request ask although the gate is closed, if it has been for a while.</summary>
    internal bool TryKnock(TimeSpan now) => IsKnockedAt = OpensAt > now && now - _closedAt >= KnockInterval;
}
