using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>
/// Writes the rows of a source whose columns are known before its first row: they are checked as the header of a file is, and
/// those that are not sent are never read. For one thread at a time.
/// </summary>
internal sealed class TableRecords
{
    private readonly string[] _names;
    private readonly ObjectRecords _records;

    /// <summary>Checks the columns against what the user asked for.</summary>
    /// <param name="source">The name of the source, for messages.</param>
    /// <param name="names">The names of its columns.</param>
    /// <param name="layout">What the user asked for.</param>
    /// <exception cref="SourceException">A column that is needed isn't there, or a name is missing or twice.</exception>
    internal TableRecords(string source, string[] names, ColumnLayout layout)
    {
        var (fields, _) = HeaderColumns.Select(source, line: null, names, layout);
        Columns = [.. Enumerable.Range(0, names.Length).Where(column => fields[column] is not null)];
        FieldNames = [.. Columns.Select(column => fields[column]!.Name)];
        _names = [.. Columns.Select(column => names[column])];
        _records = new ObjectRecords(layout, source);
    }

    /// <summary>The places of the columns that are sent, the key's among them, in their order.</summary>
    internal int[] Columns { get; }

    /// <summary>The names of the fields that are sent.</summary>
    internal IReadOnlyList<string> FieldNames { get; }

    /// <summary>Writes a row as a record, or rejects it with the reason.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="position">Its position in the source, from 1.</param>
    /// <param name="values">The values of the columns that are sent.</param>
    internal void Write(RecordWriter writer, long position, ReadOnlySpan<object?> values) => _records.WriteRow(writer, position, _names, values);
}
