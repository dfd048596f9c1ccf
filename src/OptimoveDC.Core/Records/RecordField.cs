using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>A field of records, and what its text is sent as.</summary>
/// <param name="name">Its name, as it is sent.</param>
/// <param name="type">What its text is sent as.</param>
/// <param name="isTyped">Whether the user asked for that type, so that what is no text has to fit it too.</param>
public sealed class RecordField(string name, ColumnType type, bool isTyped = false)
{
    private readonly JsonEncodedText _encodedName = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private readonly byte[] _start =
        [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"', (byte)':'];

    /// <summary>Its name, as it is sent.</summary>
    public string Name { get; } = name;

    /// <summary>What its text is sent as.</summary>
    public ColumnType Type { get; } = type;

    /// <summary>Whether the user asked for that type.</summary>
    public bool IsTyped { get; } = isTyped;

    /// <summary>Looks at the text that is sent as text; null when nobody does.</summary>
    internal Inspection.ColumnProfile? Profile { get; init; }

    /// <summary>Writes the field that holds the primary key.</summary>
    public void WriteKey(Utf8JsonWriter writer, RecordKey key)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(key);
        writer.WritePropertyName(_encodedName);
        writer.WriteRawValue(key.Json, skipInputValidation: true);
    }

    /// <summary>Writes the field from a value that is JSON already.</summary>
    /// <param name="writer">Takes the name and the value.</param>
    /// <param name="value">The value; valid JSON.</param>
    public void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(_encodedName);
        writer.WriteRawValue(value, skipInputValidation: true);
    }

    /// <summary>Writes the name of the field; its value is to follow.</summary>
    /// <param name="writer">Takes the name.</param>
    public void WriteName(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(_encodedName);
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
                Profile?.See(text);
                writer.WriteString(_encodedName, text);
                return null;
            case ColumnType.Text:
                return $"column '{Name}' {RecordText.HalfCharacter}";
            case ColumnType.Number when JsonNumber.IsValid(text):
                writer.WritePropertyName(_encodedName);
                writer.WriteRawValue(text, skipInputValidation: true);
                return null;
            case ColumnType.Boolean when TryReadBoolean(text, out var value):
                writer.WriteBoolean(_encodedName, value);
                return null;
            case ColumnType.Json when JsonText.Find(text) is null:
                writer.WritePropertyName(_encodedName);
                WriteOnOneLine(writer, text);
                return null;
            default:
                return Misfit(text);
        }
    }

    /// <summary>Appends the field that holds the primary key.</summary>
    internal void AppendKey(RecordBuffer record, RecordKey key) => AppendValue(record, key.Json);

    /// <summary>Appends the field with a value that is JSON already.</summary>
    internal void AppendValue(RecordBuffer record, ReadOnlySpan<byte> json)
    {
        record.AppendName(_start);
        record.AppendValue(json);
    }

    /// <summary>Appends the field from its text.</summary>
    /// <param name="record">Takes it.</param>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="emptyValue">What an empty text is sent as.</param>
    /// <returns>Null, or the reason why the text doesn't fit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal string? Append(RecordBuffer record, ReadOnlySpan<byte> text, EmptyValue emptyValue)
    {
        if (Type == ColumnType.Text && (!text.IsEmpty || emptyValue == EmptyValue.Text))
        {
            Profile?.See(text);
            record.AppendName(_start);
            record.AppendText(text);
            return null;
        }

        const int Short = 256;
        Span<char> chars = text.Length <= Short ? stackalloc char[Short] : new char[text.Length];
        return AppendTyped(record, text, chars[..Encoding.UTF8.GetChars(text, chars)], emptyValue);
    }

    private string? AppendTyped(RecordBuffer record, ReadOnlySpan<byte> text, ReadOnlySpan<char> chars, EmptyValue emptyValue)
    {
        switch (Type)
        {
            case var _ when text.IsEmpty && emptyValue == EmptyValue.Omit:
                return null;
            case var _ when text.IsEmpty && emptyValue == EmptyValue.Null:
                AppendValue(record, "null"u8);
                return null;
            case var _ when text.IsEmpty:
                return Empty();
            case ColumnType.Number when JsonNumber.IsValid(chars):
                AppendValue(record, text);
                return null;
            case ColumnType.Boolean when TryReadBoolean(chars, out var value):
                AppendValue(record, value ? "true"u8 : "false"u8);
                return null;
            case ColumnType.Json when JsonText.Find(chars) is null:
                AppendValue(record, text.IndexOfAny((byte)'\r', (byte)'\n') < 0 ? text : JsonText.OnOneLine(text));
                return null;
            default:
                return Misfit(chars);
        }
    }

    private static bool TryReadBoolean(ReadOnlySpan<char> text, out bool value) =>
        bool.TryParse(text, out value) && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[^1]);

    private string Empty() => $"column '{Name}' is empty, and {Type} can't be; use -EmptyValue Null or Omit";

    // A record is one line, wherever it is written.
    private static void WriteOnOneLine(Utf8JsonWriter writer, ReadOnlySpan<char> json)
    {
        if (json.ContainsAny('\r', '\n'))
        {
            writer.WriteRawValue(JsonText.OnOneLine(Encoding.UTF8.GetBytes(json.ToString())), skipInputValidation: true);
        }
        else
        {
            writer.WriteRawValue(json, skipInputValidation: true);
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
                return Empty();
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
