using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Cmdlets.Records;

/// <summary>How the fields of objects on the pipeline are sent; the same rules as for the columns of a file.</summary>
internal sealed class RecordLayout(IReadOnlyDictionary<string, ColumnType> columnTypes, EmptyValue emptyValue)
{
    private readonly ObjectWriter _objects = new();
    private readonly Dictionary<string, RecordField> _fields =
        columnTypes.ToDictionary(pair => pair.Key, pair => new RecordField(pair.Key, pair.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the key from a value of the user's.</summary>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal string? SetKey(RecordKey key, object? value, string? column = null)
    {
        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        try
        {
            return bare switch
            {
                null or DBNull => "the primary key is null",
                string text when column is not null && TypeOf(column) == ColumnType.Number && !string.IsNullOrWhiteSpace(text) => key.SetNumber(text),
                string text => key.SetText(text),
                char character => key.SetText([character]),
                Guid id => key.SetText(id.ToString()),
                Enum named => key.SetText(named.ToString()),
                _ when ScalarValue.IsNumber(bare) => key.SetNumber(ScalarValue.DigitsOf(bare)),
                _ => $"the primary key is a {bare.GetType().Name}; it must be text or a number",
            };
        }
        catch (UnwritableValueException exception)
        {
            return $"the primary key {exception.Message}";
        }
    }

    /// <summary>Writes any value as it is.</summary>
    internal void WriteValue(Utf8JsonWriter writer, object? value) => _objects.WriteValue(writer, value);

    /// <summary>Writes an object as a record: every field, the key as it was taken.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="record">The object.</param>
    /// <param name="keyName">The field that holds the key; null when none of them does.</param>
    /// <param name="key">The key.</param>
    /// <param name="leftOut">A field that is not data; null when all are.</param>
    /// <exception cref="UnwritableValueException">A field can't be sent.</exception>
    internal void WriteRecord(Utf8JsonWriter writer, PSObject record, string? keyName, RecordKey key, string? leftOut)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in ObjectFields.Of(record))
        {
            if (name == keyName)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(key.Json, skipInputValidation: true);
            }
            else if (name != leftOut)
            {
                WriteField(writer, name, value);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter writer, string name, object? value)
    {
        if (!RecordText.IsWellFormed(name))
        {
            throw new UnwritableValueException($"the name of a field {RecordText.HalfCharacter}");
        }

        var bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (bare is string text && (_fields.ContainsKey(name) || (text.Length == 0 && emptyValue != EmptyValue.Text)))
        {
            var field = new RecordField(name, TypeOf(name));
            if (field.Write(writer, text, emptyValue) is { } reason)
            {
                throw new UnwritableValueException(reason);
            }

            return;
        }

        if (bare is not null and not string && !Fits(bare, TypeOf(name)))
        {
            throw new UnwritableValueException($"column '{name}' holds a {bare.GetType().Name}, which is no {TypeOf(name)}");
        }

        writer.WritePropertyName(name);
        try
        {
            _objects.WriteValue(writer, value);
        }
        catch (UnwritableValueException exception)
        {
            throw new UnwritableValueException($"field '{name}' {exception.Message}");
        }
    }

    private ColumnType TypeOf(string name) => _fields.TryGetValue(name, out var field) ? field.Type : ColumnType.Text;

    private static bool Fits(object value, ColumnType type) => type switch
    {
        ColumnType.Number => ScalarValue.IsNumber(value),
        ColumnType.Boolean => value is bool,
        _ => true,
    };

    /// <summary>Reads the argument of -ColumnType.</summary>
    /// <exception cref="ArgumentException">A column's type is none.</exception>
    internal static IReadOnlyDictionary<string, ColumnType> ReadColumnTypes(IDictionary? argument)
    {
        var types = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in argument ?? new Hashtable())
        {
            var name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            var text = Convert.ToString(entry.Value, CultureInfo.InvariantCulture);
            types[name] = Enum.TryParse<ColumnType>(text, ignoreCase: true, out var type) && Enum.IsDefined(type) && !int.TryParse(text, out _)
                ? type
                : throw new ArgumentException($"-ColumnType gives '{text}' for '{name}'; it can be {string.Join(", ", Enum.GetNames<ColumnType>())}.");
        }

        return types;
    }
}
