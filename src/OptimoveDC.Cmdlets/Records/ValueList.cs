namespace OptimoveDC.Cmdlets.Records;

/// <summary>The values of many records, one after the other, on memory that is used again.</summary>
internal sealed class ValueList
{
    private object?[] _values = new object?[64];

    internal int Count { get; private set; }

    /// <summary>Makes room at the end.</summary>
    internal Span<object?> Add(int count)
    {
        if (_values.Length - Count < count)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, Count + count));
        }

        var added = _values.AsSpan(Count, count);
        Count += count;
        return added;
    }

    internal void Add(object? value) => Add(1)[0] = value;

    internal Span<object?> Slice(int first, int count) => _values.AsSpan(first, count);

    /// <summary>Takes back everything from a place on.</summary>
    internal void StepBackTo(int count)
    {
        Array.Clear(_values, count, Count - count);
        Count = count;
    }
}
