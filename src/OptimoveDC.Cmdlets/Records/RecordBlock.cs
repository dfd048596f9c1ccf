namespace OptimoveDC.Cmdlets.Records;

/// <summary>Objects of the pipeline as they were when they came, one after the other, on memory that is used again.</summary>
/// <param name="capacity">How many objects it holds.</param>
internal sealed class RecordBlock(int capacity)
{
    private readonly TakenRecord[] _records = new TakenRecord[capacity];
    private readonly ValueList _values = new();

    /// <summary>Keeps its plain objects while the records are under way; only while the block is being written, and not where they are few.</summary>
    internal KeptRows? Kept { get; set; }

    /// <summary>The place of its first object on the pipeline, from 1.</summary>
    internal long Position { get; set; }

    internal int Count { get; private set; }

    /// <summary>Completes when all of it is written; null when nobody waits for that.</summary>
    internal TaskCompletionSource? Written { get; set; }

    /// <summary>
    /// Whether its objects were in memory long before they came, as those of a variable are: to hold them costs nothing more.
    /// </summary>
    internal bool IsOld => Count > 0 && IsOldest(_records[0].Input) && IsOldest(_records[Count - 1].Input);

    /// <summary>Takes an object as it is now.</summary>
    internal void Take(object? input, IRecordTaker taker)
    {
        var first = _values.Count;
        try
        {
            // Counted when it is there: an object may throw when it is looked at.
            _records[Count] = taker.Take(input, _values);
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

    private static bool IsOldest(object input) => GC.GetGeneration(input) >= GC.MaxGeneration;

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
