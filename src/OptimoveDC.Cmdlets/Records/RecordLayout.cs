using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>How the fields of objects on the pipeline are sent; the same rules as for the columns of a file.</summary>
/// <remarks>
/// Taking what an object holds is one half (<see cref="Taker"/>), writing it the other. The halves share nothing, so each
/// may have a thread of its own.
/// </remarks>
internal sealed class RecordLayout(ColumnLayout layout)
{
    private readonly ObjectWriter _objects = new();
    private readonly RecordBuffer _buffer = new();
    private readonly ColumnSet _columns = new(layout);
    private readonly string[] _keyNames = [.. new ColumnSet(layout).KeyNames.Distinct(StringComparer.OrdinalIgnoreCase)];
    private long _record;

    /// <summary>Takes what an object holds.</summary>
    internal FieldTaker Taker { get; } = new(layout);

    /// <summary>The fields that objects were sent with so far.</summary>
    internal IReadOnlyList<string> FieldNames => _columns.FieldNames;

    /// <summary>What the user should know when all objects have been read.</summary>
    internal IReadOnlyList<string> Remarks => UnseenColumns.Describe(_columns);

    /// <summary>The name that a field is sent under; null when it isn't sent.</summary>
    internal string? SentName(string name) => RecordText.IsWellFormed(name) ? _columns.Resolve(name).Field?.Name : name;

    /// <summary>Takes the key from the field that -KeyProperty names, by its own name or by the one it is sent under.</summary>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal string? TakeKey(RecordKey key, ObjectShape shape, ReadOnlySpan<object?> values)
    {
        var plan = PlanOf(shape);
        return plan switch
        {
            { Key: >= 0 } => SetKey(key, values[plan.Key], ColumnsOf(shape, plan)[plan.Key]?.Field),
            { IsAmbiguous: true } => key.Refuse(plan.KeyReason!),
            _ => key.SetMissing(plan.KeyReason!),
        };
    }

    /// <summary>Takes the key from a value of the user's.</summary>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal static string? SetKey(RecordKey key, object? value, RecordField? field = null)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
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
                FrozenValue { IsUnreadable: true } unreadable => key.Refuse(unreadable.Reason!),
                FrozenValue frozen => key.Refuse($"the primary key is a {frozen.TypeName}; it must be text or a number"),
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

    /// <summary>Writes the data of a record from an object: every field that is sent, the key as it was taken.</summary>
    /// <param name="writer">Takes the data; has the key.</param>
    /// <param name="shape">The object's fields.</param>
    /// <param name="values">Their values, as they were taken.</param>
    /// <param name="keyAt">The place of the field with the key; the one that -KeyProperty names when not given.</param>
    /// <param name="leftOut">The place of a field that is not data; -1 when all are.</param>
    /// <exception cref="UnwritableValueException">A field can't be sent.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void WriteData(RecordWriter writer, ObjectShape shape, ReadOnlySpan<object?> values, int? keyAt = null, int leftOut = -1)
    {
        _record++;
        var plan = PlanOf(shape);
        var keyField = keyAt ?? plan.Key;
        var columns = ColumnsOf(shape, plan);
        _buffer.Open();
        for (var at = 0; at < columns.Length; at++)
        {
            if (at == leftOut)
            {
                continue;
            }

            if (columns[at] is not { } column)
            {
                throw new UnwritableValueException($"the name of a field {RecordText.HalfCharacter}");
            }

            if (column.Field is not { } field || IsReject(shape.Names[at], values[at]))
            {
                continue;
            }

            if (_columns.Renames && column.Claim(_record) is { } other)
            {
                throw new UnwritableValueException($"its fields '{other.SourceName}' and '{shape.Names[at]}' would both be sent as '{field.Name}'");
            }

            if (at == keyField)
            {
                field.AppendKey(_buffer, writer.Key);
            }
            else if (values[at] is string text)
            {
                AppendText(field, text);
            }
            else
            {
                AppendField(writer, shape.Names[at], field, values[at]);
            }
        }

        _buffer.Close();
        writer.WriteData(_buffer.Bytes);
    }

    private static bool IsReject(string name, object? value) => value is FrozenValue { HasFields: true } && name == RejectField.Name;

    private ShapePlan PlanOf(ObjectShape shape) => shape.Plan ??= FindKey(shape);

    private ShapePlan FindKey(ObjectShape shape)
    {
        var key = -1;
        foreach (var candidate in _keyNames)
        {
            var found = shape.Find(candidate);
            if (found < 0 || found == key || _columns.Resolve(shape.Names[found]).KeyMatch == KeyMatch.None)
            {
                continue;
            }

            if (key >= 0)
            {
                return new ShapePlan
                {
                    Key = -1,
                    IsAmbiguous = true,
                    KeyReason = $"-KeyProperty '{layout.KeyProperty}' could be several of its fields: '{shape.Names[key]}', '{shape.Names[found]}'",
                };
            }

            key = found;
        }

        return new ShapePlan { Key = key, KeyReason = $"it has no field '{layout.KeyProperty}', which -KeyProperty names" };
    }

    private Column?[] ColumnsOf(ObjectShape shape, ShapePlan plan) => plan.Columns ??=
        [.. shape.Names.Select(name => RecordText.IsWellFormed(name) ? _columns.Resolve(name) : null)];

    private void AppendField(RecordWriter writer, string name, RecordField field, object? value)
    {
        if (AsText(field, value) is { } text)
        {
            AppendText(field, text);
            return;
        }

        if (value is FrozenValue { IsUnreadable: true } unreadable)
        {
            throw new UnwritableValueException(unreadable.Reason!);
        }

        if (field.IsTyped && value is not null and not DBNull && !Fits(value, field.Type))
        {
            throw new UnwritableValueException($"column '{field.Name}' holds a {(value as FrozenValue)?.TypeName ?? value.GetType().Name}, which is no {field.Type}");
        }

        field.AppendName(_buffer);
        try
        {
            var json = writer.OpenValue(_buffer);
            if (value is FrozenValue frozen)
            {
                frozen.Write(json);
            }
            else
            {
                _objects.WriteValue(json, value);
            }

            json.Flush();
        }
        catch (UnwritableValueException exception)
        {
            throw new UnwritableValueException($"field '{name}' {exception.Message}");
        }
    }

    private void AppendText(RecordField field, string text)
    {
        if (field.Append(_buffer, text, layout.EmptyValue) is { } reason)
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
        _ => value is not FrozenValue && ScalarValue.Is(value),
    };
}
