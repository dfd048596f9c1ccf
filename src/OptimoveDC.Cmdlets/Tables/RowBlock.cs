using System.Data;
using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>Some rows of a data reader, their values taken: from the driver's thread to the one that writes records.</summary>
internal sealed class RowBlock
{
    // Few enough to die young, enough that handing them over costs nothing.
    private const int MostRows = 128;
    private const int MostBytes = 1 << 18;

    private readonly int[] _columns;
    private readonly object?[] _values;
    private long _bytes;

    /// <summary>Makes an empty block.</summary>
    /// <param name="columns">The places of the columns that are wanted; the others are not read.</param>
    internal RowBlock(int[] columns)
    {
        _columns = columns;
        _values = new object?[columns.Length * MostRows];
    }

    internal int Count { get; private set; }

    internal bool IsFull => Count == MostRows || _bytes >= MostBytes;

    internal ReadOnlySpan<object?> this[int row] => _values.AsSpan(row * _columns.Length, _columns.Length);

    /// <summary>Takes the values of the row that a reader stands at, from left to right.</summary>
    internal void Add(IDataRecord row)
    {
        var at = Count * _columns.Length;
        foreach (var column in _columns)
        {
            _values[at++] = Take(row, column);
        }

        Count++;
    }

    internal void Clear()
    {
        Array.Clear(_values, 0, Count * _columns.Length);
        Count = 0;
        _bytes = 0;
    }

    private object? Take(IDataRecord row, int column)
    {
        try
        {
            switch (row.GetValue(column))
            {
                case string text:
                    _bytes += text.Length;
                    return text;
                case byte[] bytes:
                    _bytes += bytes.Length;
                    return bytes;
                case Stream stream:
                    // Some drivers give binary columns so; it is the driver's, and gone with the row.
                    return ReadAll(stream);
                case var value:
                    return value;
            }
        }
        catch (Exception exception) when (exception is InvalidCastException or OverflowException or FormatException or NotSupportedException or ArgumentException or InvalidDataException)
        {
            // A value that .NET has no type for; whatever else the driver throws is the end of the reading.
            return IsNull(row, column) ? null : new FieldList.Unreadable($"can't be read: {exception.Message.TrimEnd('.')}");
        }
    }

    // Some drivers can't give a null of a type that they don't know.
    private static bool IsNull(IDataRecord row, int column)
    {
        try
        {
            return row.IsDBNull(column);
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidCastException or NotSupportedException)
        {
            return false;
        }
    }

    private byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            using var copy = new MemoryStream();
            var buffer = new byte[81920];
            while (stream.Read(buffer) is > 0 and var read)
            {
                copy.Write(buffer, 0, read);
                if (copy.Length > RecordText.Longest)
                {
                    throw new InvalidDataException($"it is longer than {RecordText.Longest} bytes");
                }
            }

            _bytes += copy.Length;
            return copy.ToArray();
        }
    }
}
