namespace OptimoveDC.Core.Http.Rate;

/// <summary>When the requests that the service let through were sent and answered; the oldest are forgotten first.</summary>
/// <remarks>The service counts a request somewhere between the two moments.</remarks>
internal sealed class AnswerLog
{
    // Enough for the largest limit that is worth learning; a busier service is not held by its limit.
    private const int MostEntries = 8192;

    private (TimeSpan Sent, TimeSpan Answered)[] _entries = new (TimeSpan, TimeSpan)[64];
    private int _start;

    internal int Count { get; private set; }

    /// <summary>An entry, counted from the oldest.</summary>
    internal (TimeSpan Sent, TimeSpan Answered) this[int index] => _entries[(_start + index) % _entries.Length];

    /// <summary>Adds an entry. Answers come in the order of their time.</summary>
    internal void Add(TimeSpan sent, TimeSpan answered)
    {
        if (Count == _entries.Length && Count < MostEntries)
        {
            Grow();
        }

        if (Count == _entries.Length)
        {
            _start = (_start + 1) % _entries.Length;
            Count--;
        }

        _entries[(_start + Count) % _entries.Length] = (sent, answered);
        Count++;
    }

    /// <summary>How many were answered after a moment.</summary>
    internal int CountSince(TimeSpan moment)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Answered > moment)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return Count - low;
    }

    private void Grow()
    {
        var grown = new (TimeSpan, TimeSpan)[_entries.Length * 2];
        for (var index = 0; index < Count; index++)
        {
            grown[index] = this[index];
        }

        _entries = grown;
        _start = 0;
    }
}
