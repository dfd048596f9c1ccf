namespace OptimoveDC.Core.Http.Rate;

/// <summary>
/// How many requests may be under way at once for one key: what is under way when a limit is met is refused whole. It
/// grows with every request that is let through, so it holds back nobody for long. Called under the governor's lock.
/// </summary>
internal sealed class InFlightRamp
{
    // As many as one load has by default: from there it starts, and after a gate it is back after a dozen requests.
    private const double Usual = 4;
    private const double ReturnStep = 0.25;

    // Beyond: once a limit has shown itself, more under way gains little.
    private const double FreeStep = 0.08;
    private const double LimitedStep = 0.04;

    private double _most = Usual;
    private double _step = FreeStep;
    private int _oneByOne;

    /// <summary>The most requests under way.</summary>
    internal int Most => _oneByOne > 0 ? 1 : (int)_most;

    /// <summary>A gate was closed: the next request goes alone.</summary>
    internal void Restart()
    {
        _most = 1;
        _step = LimitedStep;
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

        _most += _most < Usual ? ReturnStep : _step;
    }
}
