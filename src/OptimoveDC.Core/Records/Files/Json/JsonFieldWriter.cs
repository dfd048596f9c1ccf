using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>Writes the values of a JSON file: as the very bytes they are, unless the user asked for something else.</summary>
internal sealed class JsonFieldWriter(ColumnSet columns)
{
    private byte[] _utf8 = new byte[256];

    /// <summary>Takes the key from its field.</summary>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    internal string? SetKey(RecordKey key, ReadOnlySpan<byte> json, JsonField field)
    {
        var type = field.Column.Field!;
        return field.Type switch
        {
            JsonTokenType.String => key.SetUtf8(Utf8Of(json, field), isNumber: type.Type == ColumnType.Number),
            JsonTokenType.Number => key.SetUtf8(Utf8Of(json, field), isNumber: !type.IsTyped || type.Type != ColumnType.Text),
            JsonTokenType.Null => key.SetMissing("the primary key is null"),
            _ => key.Refuse($"the primary key is {Describe(field.Type)}; it must be text or a number"),
        };
    }

    /// <summary>Appends a field that is not the key.</summary>
    /// <returns>Null, or the reason why its value doesn't fit.</returns>
    internal string? Append(RecordBuffer record, ReadOnlySpan<byte> json, JsonField field)
    {
        var sent = field.Column.Field!;
        var value = json.Slice(field.Offset, field.Length);
        switch (field.Type)
        {
            case JsonTokenType.String when IsSentAsItIs(sent, value):
                sent.Profile?.See(field.IsEscaped ? Utf8Of(json, field) : value[1..^1]);
                break;
            case JsonTokenType.String:
                return sent.Append(record, Utf8Of(json, field), columns.EmptyValue);
            case JsonTokenType.Null:
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when sent is { IsTyped: true, Type: ColumnType.Text }:
                return sent.Append(record, value, columns.EmptyValue);
            default:
                if (sent.IsTyped && !Fits(field.Type, sent.Type))
                {
                    return $"column '{sent.Name}' holds {Describe(field.Type)}, which is no {sent.Type}";
                }

                if (field.Type is JsonTokenType.StartObject or JsonTokenType.StartArray && value.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
                {
                    value = JsonText.OnOneLine(value);
                }

                break;
        }

        sent.AppendValue(record, value);
        return null;
    }

    /// <summary>A record for whoever mends it: its values as they are, under the names they are sent under.</summary>
    internal static string Show(ReadOnlySpan<byte> json, List<JsonField> fields)
    {
        var record = new RecordBuffer();
        record.Open();
        foreach (var field in fields)
        {
            field.Column.Field!.AppendValue(record, JsonText.OnOneLine(json.Slice(field.Offset, field.Length)));
        }

        record.Close();
        return Encoding.UTF8.GetString(record.Bytes);
    }

    /// <summary>What is no object, as one: so that a file of rejects loses nothing.</summary>
    internal static string ShowText(ReadOnlySpan<byte> text)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("value", text);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private bool IsSentAsItIs(RecordField sent, ReadOnlySpan<byte> value) =>
        sent.Type == ColumnType.Text && (value.Length > 2 || columns.EmptyValue == EmptyValue.Text);

    private ReadOnlySpan<byte> Utf8Of(ReadOnlySpan<byte> json, JsonField field)
    {
        var value = json.Slice(field.Offset, field.Length);
        if (!field.IsEscaped)
        {
            return field.Type == JsonTokenType.String ? value[1..^1] : value;
        }

        if (_utf8.Length < value.Length)
        {
            _utf8 = new byte[value.Length * 2];
        }

        var reader = new Utf8JsonReader(value);
        reader.Read();
        return _utf8.AsSpan(0, reader.CopyString(_utf8));
    }

    private static bool Fits(JsonTokenType token, ColumnType type) => type switch
    {
        ColumnType.Json => true,
        ColumnType.Number => token == JsonTokenType.Number,
        ColumnType.Boolean => token is JsonTokenType.True or JsonTokenType.False,
        _ => false,
    };

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.Number => "a number",
        _ => "true or false",
    };
}
