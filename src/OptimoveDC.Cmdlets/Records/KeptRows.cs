using System.Management.Automation;
using OptimoveDC.Core.Loading;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>
/// Keeps the plain objects of a block: what they hold, copied on memory that is used again, and the objects themselves
/// only for as long as somebody else has them.
/// </summary>
/// <remarks>
/// Whoever still has an object gets that very one with an error; where nobody has, one with the same names and values in
/// the same order serves as well. So rows that are made as they are read, which is how <c>Import-Csv</c> makes them, need
/// not grow old for the few that the service refuses. What an object was given after it was taken is not in the other
/// one, as it is not in the record.
/// </remarks>
/// <param name="capacity">How many rows a block has.</param>
/// <param name="giveBack">Takes it when none of its rows is needed any more.</param>
internal sealed class KeptRows(int capacity, Action<KeptRows> giveBack) : IInputKeeper
{
    private const int Null = -1;
    private const int Scalar = -2;

    // To copy a long text costs more than to hold it, and the memory for it would be held for good.
    private const int LongestText = 4096;

    private readonly WeakReference<object>?[] _objects = new WeakReference<object>?[capacity];
    private readonly Row[] _rows = new Row[capacity];
    private readonly object _rebuilding = new();
    private RecordBlock? _block;
    private char[] _text = [];
    private int[] _lengths = [];
    private object[] _scalars = [];
    private int _textEnd;
    private int _lengthsEnd;
    private int _scalarsEnd;
    private long _position;
    private int _kept;
    private int _pending;

    /// <summary>Whether a row is short enough to be copied.</summary>
    internal static bool IsShort(ReadOnlySpan<object?> values)
    {
        var length = 0L;
        foreach (var value in values)
        {
            length += value is string text ? text.Length : 0;
        }

        return length <= LongestText;
    }

    /// <summary>Makes it ready for the rows of a block.</summary>
    internal void Open(RecordBlock block)
    {
        Array.Clear(_scalars, 0, _scalarsEnd);
        _textEnd = _lengthsEnd = _scalarsEnd = _kept = 0;
        _position = block.Position;
        _block = block;

        // One more than can be kept, for the block itself: what is released before it ends does not end it.
        _pending = capacity + 1;
    }

    /// <summary>Ends the block: no more rows are kept.</summary>
    internal void Close()
    {
        _block = null;
        Release(capacity + 1 - _kept);
    }

    /// <inheritdoc/>
    public void Keep(long line)
    {
        var at = (int)(line - _position);
        ref readonly var record = ref _block!.RecordAt(at);
        if (_objects[at] is { } reference)
        {
            reference.SetTarget(record.Input);
        }
        else
        {
            _objects[at] = new WeakReference<object>(record.Input);
        }

        _rows[at] = new Row(record.Shape!, _lengthsEnd, _textEnd, _scalarsEnd);
        foreach (var value in _block.ValuesAt(at))
        {
            Append(ref _lengths, ref _lengthsEnd, value switch { null => Null, string text => text.Length, _ => Scalar });
            if (value is string kept)
            {
                Append(kept);
            }
            else if (value is not null)
            {
                Append(ref _scalars, ref _scalarsEnd, value);
            }
        }

        _kept++;
    }

    /// <inheritdoc/>
    public object Find(long line)
    {
        var at = (int)(line - _position);
        lock (_rebuilding)
        {
            if (!_objects[at]!.TryGetTarget(out var input))
            {
                input = Rebuild(_rows[at]);
                _objects[at]!.SetTarget(input);
            }

            return input;
        }
    }

    /// <inheritdoc/>
    public void Release(int count)
    {
        if (Interlocked.Add(ref _pending, -count) == 0)
        {
            giveBack(this);
        }
    }

    private PSObject Rebuild(Row row)
    {
        var names = row.Shape.Names;
        var rebuilt = new PSObject();
        var (text, scalar) = (row.Text, row.Scalar);
        for (var at = 0; at < names.Length; at++)
        {
            var length = _lengths[row.Lengths + at];
            object? value = length switch
            {
                Null => null,
                Scalar => _scalars[scalar++],
                _ => new string(_text, text, length),
            };
            text += Math.Max(length, 0);
            rebuilt.Properties.Add(new PSNoteProperty(names[at], value), preValidated: true);
        }

        return rebuilt;
    }

    private void Append(string text)
    {
        if (_text.Length - _textEnd < text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, Math.Max(_textEnd + text.Length, 4096)));
        }

        text.CopyTo(_text.AsSpan(_textEnd));
        _textEnd += text.Length;
    }

    private static void Append<T>(ref T[] array, ref int end, T value)
    {
        if (array.Length == end)
        {
            Array.Resize(ref array, Math.Max(end * 2, 64));
        }

        array[end++] = value;
    }

    private readonly record struct Row(ObjectShape Shape, int Lengths, int Text, int Scalar);
}
