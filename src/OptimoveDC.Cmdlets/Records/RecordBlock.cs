namespace OptimoveDC.Cmdlets.Records;

/// <summary>Objects of the pipeline as they were when they came, one after the other, on memory that is used again.</summary>
/// <param name="capacity">How many objects it holds.</param>
internal sealed class RecordBlock(int capacity)
{
    private const int AgeStride = 32;

    private readonly TakenRecord[] _records = new TakenRecord[capacity];
    private readonly ValueList _values = new();

    /// <summary>Keeps its plain objects while the records are under way; only while the block is being written, and neither where they are few nor where they are old.</summary>
    internal KeptRows? Kept { get; set; }

    /// <summary>The place of its first object on the pipeline, from 1.</summary>
    internal long Position { get; set; }

    internal int Count { get; private set; }

    /// <summary>Completes when all of it is written; null when nobody waits for that.</summary>
    internal TaskCompletionSource? Written { get; set; }

    /// <summary>
    /// Whether its objects had grown old before they came, as those of a variable have: to hold them costs the collector
    /// nothing more. A few of them are asked, when they come: while they wait here, others grow old too.
    /// </summary>
    internal bool IsOld { get; private set; }

    /// <summary>Takes an object as it is now.</summary>
    internal void Take(object? input, IRecordTaker taker)
    {
        var first = _values.Count;
        try
        {
            // Counted when it is there: an object may throw when it is looked at.
            _records[Count] = taker.Take(input, _values);
            if (Count % AgeStride == 0)
            {
                IsOld = (Count == 0 || IsOld) && GC.GetGeneration(_records[Count].Input) == GC.MaxGeneration;
            }

            Count++;
        }
        catch
        {
            _values.StepBackTo(first);
            throw;
        }
    }

    internal ref readonly TakenRecord RecordAt(int record) => ref _records[record];

    /// <summary>Who keeps an object while its record is under way; null when the record itself has to.</summary>
    internal KeptRows? KeeperOf(int record) => Kept is not null && _records[record].IsPlain && KeptRows.IsShort(ValuesAt(record)) ? Kept : null;

    internal ReadOnlySpan<object?> ValuesAt(int record)
    {
        ref readonly var taken = ref _records[record];
        return _values.Slice(taken.FirstValue, taken.Shape?.Names.Length ?? 0);
    }

    /// <summary>Forgets everything.</summary>
    internal void Clear()
    {
        Array.Clear(_records, 0, Count);
        _values.StepBackTo(0);
        Count = 0;
        Written = null;
        Kept = null;
    }
}
