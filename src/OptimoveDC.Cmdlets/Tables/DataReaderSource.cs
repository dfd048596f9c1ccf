using System.Data;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>The rows of an open data reader, from where it stands to the end of its result set. The reader is left open.</summary>
internal sealed class DataReaderSource : IRecordSource
{
    /// <summary>The name of a reader in results and messages: it has none of its own.</summary>
    internal const string SourceName = "data reader";

    private readonly TableRecords _rows;
    private readonly ReaderRows _reading;
    private RowBlock? _block;
    private int _next;
    private long _position;

    private DataReaderSource(TableRecords rows, ReaderRows reading)
    {
        _rows = rows;
        _reading = reading;
    }

    public string Name => SourceName;

    public long? TotalBytes => null;

    public long BytesRead => 0;

    public IReadOnlyList<string> FieldNames => _rows.FieldNames;

    /// <summary>Starts to read.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="layout">How its columns become fields.</param>
    /// <param name="first">How many rows to read at most; null for all.</param>
    /// <exception cref="SourceException">It can't be read, or its columns can't be used.</exception>
    internal static DataReaderSource Open(IDataReader reader, ColumnLayout layout, long? first)
    {
        if (ReaderRows.IsInUse(reader))
        {
            throw new SourceException(
                SourceName,
                null,
                "it is still in use: a command that read it was stopped, and the driver has not returned since; wait for it, or close the connection");
        }

        string[] names;
        try
        {
            names = reader.IsClosed
                ? throw new SourceException(SourceName, null, "it is closed; run the query again, and import before the reader or its connection is closed")
                : [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        }
        catch (Exception exception) when (exception is not SourceException)
        {
            throw new SourceException(SourceName, null, $"its columns can't be read: {exception.Message.TrimEnd('.')}", exception);
        }

        if (names.Length == 0)
        {
            throw new SourceException(SourceName, null, "it has no columns: the command gave no rows");
        }

        var rows = new TableRecords(SourceName, names, layout);
        return new DataReaderSource(rows, new ReaderRows(reader, SourceName, rows.Columns, first ?? long.MaxValue));
    }

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        if (_block is null || _next == _block.Count)
        {
            return ReadOnAsync(writer, cancellationToken);
        }

        _rows.Write(writer, ++_position, _block[_next++]);
        return ValueTask.FromResult(true);
    }

    public ValueTask DisposeAsync() => _reading.DisposeAsync();

    private async ValueTask<bool> ReadOnAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        if (_block is not null)
        {
            _reading.Return(_block);
            _block = null;
        }

        if (await _reading.NextAsync(cancellationToken).ConfigureAwait(false) is not { } block)
        {
            return false;
        }

        _block = block;
        _rows.Write(writer, ++_position, block[0]);
        _next = 1;
        return true;
    }
}
