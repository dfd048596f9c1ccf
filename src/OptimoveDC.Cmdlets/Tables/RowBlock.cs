using System.Data;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>Some rows of a data reader, their values taken: from the driver's thread to the one that writes records.</summary>
internal sealed class RowBlock
{
    // Few enough to die young, enough that handing them over costs nothing.
    private const int MostRows = 128;
    private const int MostBytes = 1 << 18;

    private readonly bool[] _isSent;
    private readonly object?[] _values;
    private long _bytes;

    /// <summary>Makes an empty block.</summary>
    /// <param name="isSent">Which columns are wanted; the others are not read.</param>
    internal RowBlock(bool[] isSent)
    {
        _isSent = isSent;
        _values = new object?[isSent.Length * MostRows];
    }

    internal int Count { get; private set; }

    internal bool IsFull => Count == MostRows || _bytes >= MostBytes;

    internal ReadOnlySpan<object?> this[int row] => _values.AsSpan(row * _isSent.Length, _isSent.Length);

    /// <summary>Takes the values of the row that a reader stands at, from left to right.</summary>
    internal void Add(IDataRecord row)
    {
        var values = _values.AsSpan(Count * _isSent.Length, _isSent.Length);
        for (var column = 0; column < values.Length; column++)
        {
            if (_isSent[column])
            {
                values[column] = Take(row, column);
            }
        }

        Count++;
    }

    internal void Clear()
    {
        Array.Clear(_values, 0, Count * _isSent.Length);
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
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A value that the driver can't give spoils its record, not the others.
            return new UnreadableValue(exception);
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

/// <summary>A value that the driver could not give.</summary>
internal sealed record UnreadableValue(Exception Reason);
