using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>A field of records, and what its text is sent as.</summary>
/// <param name="name">Its name, as it is sent.</param>
/// <param name="type">What its text is sent as.</param>
public sealed class RecordField(string name, ColumnType type)
{
    private readonly JsonEncodedText _encodedName = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>Its name, as it is sent.</summary>
    public string Name { get; } = name;

    /// <summary>What its text is sent as.</summary>
    public ColumnType Type { get; } = type;

    /// <summary>Writes the field that holds the primary key.</summary>
    public void WriteKey(Utf8JsonWriter writer, RecordKey key)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(key);
        writer.WritePropertyName(_encodedName);
        writer.WriteRawValue(key.Json, skipInputValidation: true);
    }

    /// <summary>Writes the field from its text.</summary>
    /// <param name="writer">Takes the name and the value.</param>
    /// <param name="text">The text of the source, character for character.</param>
    /// <param name="emptyValue">What an empty text is sent as.</param>
    /// <returns>Null, or the reason why the text doesn't fit.</returns>
    public string? Write(Utf8JsonWriter writer, ReadOnlySpan<char> text, EmptyValue emptyValue)
    {
        ArgumentNullException.ThrowIfNull(writer);
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
