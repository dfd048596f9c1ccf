namespace OptimoveDC.Core.Http.Rate;

/// <summary>When the service's last few thousand answers that were no 429 arrived, oldest first.</summary>
internal sealed class AcceptedRequests
{
    // A service that takes more than this in one of its windows is not held back by its limit.
    private const int Capacity = 8192;

    private readonly List<TimeSpan> _answeredAt = [];

    /// <summary>Adds an answer. Times never go backward.</summary>
    internal void Add(TimeSpan answeredAt)
    {
        if (_answeredAt.Count == 2 * Capacity)
        {
            _answeredAt.RemoveRange(0, Capacity);
        }

        _answeredAt.Add(answeredAt);
    }

    /// <summary>How many arrived after a moment.</summary>
    internal int CountSince(TimeSpan moment)
    {
        var (low, high) = (0, _answeredAt.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _answeredAt[middle] > moment ? (low, middle) : (middle + 1, high);
        }

        return _answeredAt.Count - low;
    }

    /// <summary>When one of the latest arrived; the latest has rank 1. Null when it is not remembered.</summary>
    internal TimeSpan? Latest(int rank) => rank >= 1 && rank <= _answeredAt.Count ? _answeredAt[^rank] : null;
}
