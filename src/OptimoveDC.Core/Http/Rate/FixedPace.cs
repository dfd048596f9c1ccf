namespace OptimoveDC.Core.Http.Rate;

/// <summary>Spaces the requests of sessions whose user knows the limit. Called under the governor's lock.</summary>
internal sealed class FixedPace
{
    private TimeSpan? _last;

    /// <summary>When the next of them may go; a moment that may be past.</summary>
    internal TimeSpan OpensAt(TimeSpan interval) => _last is { } last ? last + interval : TimeSpan.Zero;

    /// <summary>Notes that one goes.</summary>
    /// <param name="interval">The time that it keeps from the one before.</param>
    /// <param name="couldGo">Since when nothing but the pace held it back.</param>
    internal void Release(TimeSpan interval, TimeSpan couldGo)
    {
        // Counted from when it was due, not from when a late timer let it go: else the rate would fall short.
        var due = OpensAt(interval);
        _last = due > couldGo ? due : couldGo;
    }
}
