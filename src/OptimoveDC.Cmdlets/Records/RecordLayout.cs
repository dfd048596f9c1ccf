using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>How the fields of objects on the pipeline are sent; the same rules as for the columns of a file.</summary>
internal sealed class RecordLayout(ColumnLayout layout)
{
    private readonly ObjectWriter _objects = new();
    private readonly ColumnSet _columns = new(layout);
    private readonly string[] _keyNames = [.. new ColumnSet(layout).KeyNames.Distinct(StringComparer.OrdinalIgnoreCase)];
    private long _record;

    /// <summary>The fields that objects were sent with so far.</summary>
    internal IReadOnlyList<string> FieldNames => _columns.FieldNames;

    /// <summary>What the user should know when all objects have been read.</summary>
    internal IReadOnlyList<string> Remarks => UnseenColumns.Describe(_columns);

    /// <summary>The name that a field is sent under; null when it isn't sent.</summary>
    internal string? SentName(string name) => RecordText.IsWellFormed(name) ? _columns.Resolve(name).Field?.Name : name;

    /// <summary>Finds the field that -KeyProperty names, by its own name or by the one it is sent under.</summary>
    /// <returns>Null, or the reason why there is none.</returns>
    internal string? FindKey(PSObject record, RecordKey key, out string name, out object? value)
    {
        (name, value) = ("", null);
        foreach (var candidate in _keyNames)
        {
            if (!ObjectFields.TryGet(record, candidate, out var found, out var foundValue) || found == name || _columns.Resolve(found).KeyMatch == KeyMatch.None)
            {
                continue;
            }

            if (name.Length > 0)
            {
                return key.Refuse($"-KeyProperty '{layout.KeyProperty}' could be several of its fields: '{name}', '{found}'");
            }

            (name, value) = (found, foundValue);
        }

        return name.Length > 0 ? null : key.SetMissing($"it has no field '{layout.KeyProperty}', which -KeyProperty names");
    }

    /// <summary>Takes the key from a value of the user's.</summary>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal string? SetKey(RecordKey key, object? value, string? column = null)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        var field = column is null ? null : _columns.Resolve(column).Field;
        try
        {
            return bare switch
            {
                null or DBNull => key.SetMissing("the primary key is null"),
                string text when field?.Type == ColumnType.Number && !string.IsNullOrWhiteSpace(text) => key.SetNumber(text),
                string text => key.SetText(text),
                char character => key.SetText([character]),
                Guid id => key.SetText(id.ToString()),
                Enum named => key.SetText(named.ToString()),
                _ when ScalarValue.IsNumber(bare) && field is { IsTyped: true, Type: ColumnType.Text } => key.SetText(ScalarValue.DigitsOf(bare)),
                _ when ScalarValue.IsNumber(bare) => key.SetNumber(ScalarValue.DigitsOf(bare)),
                _ => key.Refuse($"the primary key is a {bare.GetType().Name}; it must be text or a number"),
            };
        }
        catch (UnwritableValueException exception)
        {
            return key.Refuse($"the primary key {exception.Message}");
        }
    }

    /// <summary>Writes any value as it is.</summary>
    internal void WriteValue(Utf8JsonWriter writer, object? value) => _objects.WriteValue(writer, value);

    /// <summary>Writes an object as a record: every field that is sent, the key as it was taken.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="record">The object.</param>
    /// <param name="keyName">The field that holds the key; null when none of them does.</param>
    /// <param name="key">The key.</param>
    /// <param name="leftOut">A field that is not data; null when all are.</param>
    /// <exception cref="UnwritableValueException">A field can't be sent.</exception>
    internal void WriteRecord(Utf8JsonWriter writer, PSObject record, string? keyName, RecordKey key, string? leftOut)
    {
        _record++;
        writer.WriteStartObject();
        foreach (var (name, value) in ObjectFields.Of(record))
        {
            if (name == leftOut)
            {
                continue;
            }

            if (!RecordText.IsWellFormed(name))
            {
                throw new UnwritableValueException($"the name of a field {RecordText.HalfCharacter}");
            }

            var column = _columns.Resolve(name);
            if (column.Field is not { } field || IsReject(name, value))
            {
                continue;
            }

            if (_columns.Renames && column.Claim(_record) is { } other)
            {
                throw new UnwritableValueException($"its fields '{other.SourceName}' and '{name}' would both be sent as '{field.Name}'");
            }

            if (name == keyName)
            {
                field.WriteKey(writer, key);
            }
            else
            {
                WriteField(writer, name, field, value);
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsReject(string name, object? value) =>
        name == RejectField.Name && value is not null && ObjectFields.Has(PSObject.AsPSObject(value));

    private void WriteField(Utf8JsonWriter writer, string name, RecordField field, object? value)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if ((bare as string ?? AsText(field, bare)) is { } text)
        {
            WriteText(writer, field, text);
            return;
        }

        if (field.IsTyped && bare is not null and not DBNull && !Fits(bare, field.Type))
        {
            throw new UnwritableValueException($"column '{field.Name}' holds a {bare.GetType().Name}, which is no {field.Type}");
        }

        field.WriteName(writer);
        try
        {
            _objects.WriteValue(writer, value);
        }
        catch (UnwritableValueException exception)
        {
            throw new UnwritableValueException($"field '{name}' {exception.Message}");
        }
    }

    private void WriteText(Utf8JsonWriter writer, RecordField field, string text)
    {
        if (field.Write(writer, text, layout.EmptyValue) is { } reason)
        {
            throw new UnwritableValueException(reason);
        }
    }

    // A number or a boolean that the user wants as text; null for all else.
    private static string? AsText(RecordField field, object? bare) => bare switch
    {
        null => null,
        _ when field is not { IsTyped: true, Type: ColumnType.Text } => null,
        bool truth => truth ? "true" : "false",
        _ => ScalarValue.IsNumber(bare) ? ScalarValue.DigitsOf(bare) : null,
    };

    private static bool Fits(object value, ColumnType type) => type switch
    {
        ColumnType.Json => true,
        ColumnType.Number => ScalarValue.IsNumber(value),
        ColumnType.Boolean => value is bool,
        _ => ScalarValue.Is(value),
    };
}
