using OptimoveDC.Cmdlets.Records;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Tables;

/// <summary>Writes the rows of a source whose columns are known before its first row. For one thread at a time.</summary>
internal sealed class RowWriter
{
    private readonly RecordField?[] _fields;
    private readonly int _key;
    private readonly ColumnLayout _layout;
    private readonly string[] _names;
    private readonly RecordBuffer _record = new();
    private readonly ObjectWriter _values = new();

    /// <summary>Checks the columns against what the user asked for.</summary>
    /// <param name="source">The name of the source, for messages.</param>
    /// <param name="names">The names of its columns.</param>
    /// <param name="layout">What the user asked for.</param>
    /// <exception cref="SourceException">A column that is needed isn't there, or a name is missing or twice.</exception>
    internal RowWriter(string source, string[] names, ColumnLayout layout)
    {
        (_fields, _key) = HeaderColumns.Select(source, line: null, names, layout);
        _names = names;
        _layout = layout;
        IsSent = [.. _fields.Select(field => field is not null)];
        FieldNames = [.. _fields.Where(field => field is not null).Select(field => field!.Name)];
    }

    /// <summary>Which columns are sent, the key's among them.</summary>
    internal bool[] IsSent { get; }

    /// <summary>The names of the fields that are sent.</summary>
    internal IReadOnlyList<string> FieldNames { get; }

    /// <summary>Writes a row as a record, or rejects it with the reason.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="position">Its position in the source, from 1.</param>
    /// <param name="values">The values of all columns; those that are not sent may be anything.</param>
    internal void Write(RecordWriter writer, long position, ReadOnlySpan<object?> values)
    {
        writer.Begin(position, input: null);
        try
        {
            if ((values[_key] is UnreadableValue key ? key.Describe(_names[_key]) : RecordLayout.SetKey(writer.Key, values[_key], _fields[_key])) is { } reason)
            {
                writer.Reject(reason, null, RecordFault.Malformed);
                return;
            }

            Assemble(writer, values);
        }
        catch (UnwritableValueException exception)
        {
            writer.Reject(exception.Message);
            return;
        }

        writer.WriteData(_record.Bytes);
        writer.Commit();
    }

    private void Assemble(RecordWriter writer, ReadOnlySpan<object?> values)
    {
        _record.Open();
        for (var column = 0; column < _fields.Length; column++)
        {
            if (_fields[column] is { } field)
            {
                if (column == _key)
                {
                    field.AppendKey(_record, writer.Key);
                }
                else
                {
                    _values.Append(_record, writer, field, _names[column], values[column]);
                }
            }
        }

        _record.Close();
    }
}
