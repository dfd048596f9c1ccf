namespace OptimoveDC.Core.Loading;

/// <summary>The user's objects of a chunk's records, or who keeps them; nothing at all where the source is a file.</summary>
internal sealed class ChunkInputs
{
    private object?[] _inputs = [];
    private int _end;

    internal void Add(int record, long line, object? input)
    {
        if (input is null)
        {
            return;
        }

        if (_inputs.Length <= record)
        {
            Array.Resize(ref _inputs, Math.Max(record + 1, Math.Max(_inputs.Length * 2, 64)));
        }

        (input as IInputKeeper)?.Keep(line);
        _inputs[record] = input;
        _end = record + 1;
    }

    internal object? Find(int record, long line) =>
        record >= _end ? null : _inputs[record] is IInputKeeper keeper ? keeper.Find(line) : _inputs[record];

    /// <summary>Forgets all of them.</summary>
    internal void Clear()
    {
        // Neighbours have the same keeper, as a rule.
        IInputKeeper? last = null;
        var count = 0;
        foreach (var input in _inputs.AsSpan(0, _end))
        {
            if (!ReferenceEquals(input, last) && input is IInputKeeper keeper)
            {
                last?.Release(count);
                (last, count) = (keeper, 0);
            }

            count += ReferenceEquals(input, last) ? 1 : 0;
        }

        last?.Release(count);
        Array.Clear(_inputs, 0, _end);
        _end = 0;
    }
}
