using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Core.Records.Files;

/// <summary>A column of a CSV file, and what its text is sent as.</summary>
internal sealed class CsvColumn(string name, ColumnType type, bool isKey)
{
    internal string Name { get; } = name;

    internal bool IsKey { get; } = isKey;

    internal ColumnType Type { get; } = type;

    private readonly JsonEncodedText _encodedName = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    internal void WriteKey(Utf8JsonWriter writer, RecordKey key)
    {
        writer.WritePropertyName(_encodedName);
        writer.WriteRawValue(key.Json, skipInputValidation: true);
    }

    /// <summary>Writes a field.</summary>
    /// <returns>Null, or the reason why the text doesn't fit the column.</returns>
    internal string? Write(Utf8JsonWriter writer, ReadOnlySpan<char> text, EmptyValue emptyValue)
    {
        if (text.IsEmpty && (emptyValue != EmptyValue.Text || Type != ColumnType.Text))
        {
            return WriteEmpty(writer, emptyValue);
        }

        switch (Type)
        {
            case ColumnType.Text when RecordText.IsWellFormed(text):
                writer.WriteString(_encodedName, text);
                return null;
            case ColumnType.Text:
                return $"column '{Name}' {RecordText.HalfCharacter}";
            case ColumnType.Number when JsonNumber.IsValid(text):
                writer.WritePropertyName(_encodedName);
                writer.WriteRawValue(text, skipInputValidation: true);
                return null;
            case ColumnType.Boolean when bool.TryParse(text, out var value) && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[^1]):
                writer.WriteBoolean(_encodedName, value);
                return null;
            case ColumnType.Json when JsonText.Find(text) is null:
                writer.WritePropertyName(_encodedName);
                writer.WriteRawValue(text, skipInputValidation: true);
                return null;
            default:
                return Misfit(text);
        }
    }

    private string? WriteEmpty(Utf8JsonWriter writer, EmptyValue emptyValue)
    {
        switch (emptyValue)
        {
            case EmptyValue.Null:
                writer.WriteNull(_encodedName);
                return null;
            case EmptyValue.Omit:
                return null;
            default:
                return $"column '{Name}' is empty, and {Type} can't be; use -EmptyValue Null or Omit";
        }
    }

    private string Misfit(ReadOnlySpan<char> text)
    {
        const int Shown = 40;
        var start = text.Length > Shown ? string.Concat(text[..Shown], "…") : text.ToString();
        var why = Type switch
        {
            ColumnType.Number => "is not a JSON number (no leading zeros, no plus sign, no spaces, a point for decimals)",
            ColumnType.Boolean => "is neither true nor false",
            _ => $"is not JSON: {JsonText.Find(text)}",
        };
        return $"column '{Name}' has '{start}', which {why}";
    }
}
