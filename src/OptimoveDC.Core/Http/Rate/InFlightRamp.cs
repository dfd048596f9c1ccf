namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// How many requests may be under way at once: what is under way when a limit is met is refused whole. After a gate one
/// goes first, and each that is let through makes room for more. Before the first gate a load goes as it was told; only
/// together loads take their time to reach what each of them may have. Called under the governor's lock.
/// </summary>
internal sealed class InFlightRamp
{
    // As many as one load has by default.
    private const double Usual = 4;
    private const double FreeStep = 0.08;
    private const double ReturnStep = 0.25;

    // A refusal comes at once; an answer that takes longer is none, and nobody else need wait for it.
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(2);

    private double _most = Usual;
    private bool _hasMetLimit;
    private int _oneByOne;

    private int Most => _oneByOne > 0 ? 1 : (int)_most;

    /// <summary>When one more may go.</summary>
    /// <param name="inFlight">How many are under way.</param>
    /// <param name="ofOthers">How many of them belong to other loads.</param>
    /// <param name="lastSent">When the last of them was sent.</param>
    /// <returns>A moment that may be past; <see cref="TimeSpan.MaxValue"/> when only an answer makes room.</returns>
    internal TimeSpan OpensAt(int inFlight, int ofOthers, TimeSpan lastSent) =>
        inFlight < Most || (!_hasMetLimit && ofOthers == 0) ? TimeSpan.Zero
        : Most < Usual ? lastSent + QuickAnswer
        : TimeSpan.MaxValue;

    /// <summary>A gate was closed: the next request goes alone.</summary>
    internal void Restart()
    {
        _most = 1;
        _hasMetLimit = true;
        _oneByOne = 0;
    }

    /// <summary>The next few go one by one.</summary>
    internal void Hold(int requests) => _oneByOne = requests;

    /// <summary>A request was let through.</summary>
    internal void Grow()
    {
        if (_oneByOne > 0)
        {
            _oneByOne--;
        }

        _most += _hasMetLimit ? ReturnStep : FreeStep;
    }
}
