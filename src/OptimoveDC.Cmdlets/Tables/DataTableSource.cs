using System.Data;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>The rows of a DataTable, or of a DataView in its order. It can be read any number of times.</summary>
internal sealed class DataTableSource : IRecordSource
{
    private readonly DataTable _table;
    private readonly DataView? _view;
    private readonly TableRecords _rows;
    private readonly object?[] _values;
    private readonly long _most;
    private int _next;
    private long _written;
    private long _deleted;

    private DataTableSource(DataTable table, DataView? view, ColumnLayout layout, long? first)
    {
        _most = first ?? long.MaxValue;
        _table = table;
        _view = view;
        Name = NameOf(table);
        _rows = new TableRecords(Name, [.. table.Columns.Cast<DataColumn>().Select(column => column.ColumnName)], layout);
        _values = new object?[_rows.Columns.Length];
    }

    public string Name { get; }

    public long? TotalBytes => null;

    public long BytesRead => 0;

    public IReadOnlyList<string> FieldNames => _rows.FieldNames;

    /// <summary>What the user should know of rows that are no records, so that they are in no count; null when there were none.</summary>
    internal string? SkippedRows => _deleted == 0
        ? null
        : $"{_deleted} rows of {Name} are deleted (row state Deleted); they are no records and were skipped.";

    /// <summary>Opens a table, or a view of one.</summary>
    /// <param name="tableOrView">The DataTable or DataView.</param>
    /// <param name="layout">How its columns become fields.</param>
    /// <param name="first">How many rows to read at most; null for all.</param>
    /// <exception cref="SourceException">Its columns can't be used.</exception>
    internal static DataTableSource Open(object tableOrView, ColumnLayout layout, long? first) => tableOrView switch
    {
        DataView { Table: { } table } view => new DataTableSource(table, view, layout, first),
        DataTable table => new DataTableSource(table, null, layout, first),
        _ => throw new SourceException(NameOf(null), null, "the view is of no table"),
    };

    /// <summary>The name of a table in results and messages.</summary>
    internal static string NameOf(DataTable? table) => table is null or { TableName: "" } ? "table" : $"table '{table.TableName}'";

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_written < _most && _next < (_view?.Count ?? _table.Rows.Count))
        {
            if (TryTake(_next++))
            {
                _written++;
                _rows.Write(writer, _next, _values);
                return ValueTask.FromResult(true);
            }

            _deleted++;
        }

        return ValueTask.FromResult(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A view may show another version of a row than the row itself.
    private bool TryTake(int at)
    {
        var shown = _view?[at];
        var row = shown?.Row ?? _table.Rows[at];
        if (row.RowState == DataRowState.Deleted)
        {
            return false;
        }

        for (var column = 0; column < _values.Length; column++)
        {
            _values[column] = shown is null ? row[_rows.Columns[column]] : shown[_rows.Columns[column]];
        }

        return true;
    }
}
