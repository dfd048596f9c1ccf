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
    private readonly byte[] _start =
        [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"', (byte)':'];

    /// <summary>Its name, as it is sent.</summary>
    public string Name { get; } = name;

    /// <summary>Its name, ready for a JSON writer.</summary>
    public JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>What its text is sent as.</summary>
    public ColumnType Type { get; } = type;

    /// <summary>Whether the user asked for that type.</summary>
    public bool IsTyped { get; } = isTyped;

    /// <summary>Looks at the text that is sent as text; null when nobody does.</summary>
    internal Inspection.ColumnProfile? Profile { get; init; }

    /// <summary>Appends the field that holds the primary key.</summary>
    /// <param name="record">Takes it.</param>
    /// <param name="key">The key, as it was taken.</param>
    public void AppendKey(RecordBuffer record, RecordKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        AppendValue(record, key.Json);
    }

    /// <summary>Appends the field with a value that is JSON already.</summary>
    /// <param name="record">Takes it.</param>
    /// <param name="json">One valid JSON value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendValue(RecordBuffer record, ReadOnlySpan<byte> json)
    {
        ArgumentNullException.ThrowIfNull(record);
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

    /// <summary>Writes the field from its text.</summary>
    /// <param name="json">Takes it, within an object.</param>
    /// <param name="text">The text of the source, character for character.</param>
    /// <param name="emptyValue">What an empty text is sent as.</param>
    /// <returns>Null, or the reason why the text doesn't fit.</returns>
    public string? Write(Utf8JsonWriter json, string text, EmptyValue emptyValue)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > RecordText.Longest)
        {
            return $"column '{Name}' has {text.Length} characters, more than any request can carry";
        }

        if (Type != ColumnType.Text || (text.Length == 0 && emptyValue != EmptyValue.Text))
        {
            return WriteTyped(json, text, emptyValue);
        }

        if (!RecordText.IsWellFormed(text))
        {
            return $"column '{Name}' {RecordText.HalfCharacter}";
        }

        Profile?.See(text);
        json.WriteString(EncodedName, text);
        return null;
    }

    private string? WriteTyped(Utf8JsonWriter json, string text, EmptyValue emptyValue)
    {
        var reason = FindValue(Encoding.UTF8.GetBytes(text), text, emptyValue, out var value);
        if (!value.IsEmpty)
        {
            json.WritePropertyName(EncodedName);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        return reason;
    }

    private string? AppendTyped(RecordBuffer record, ReadOnlySpan<byte> text, ReadOnlySpan<char> chars, EmptyValue emptyValue)
    {
        var reason = FindValue(text, chars, emptyValue, out var value);
        if (!value.IsEmpty)
        {
            AppendValue(record, value);
        }

        return reason;
    }

    // The value is empty where the field is left out.
    private string? FindValue(ReadOnlySpan<byte> text, ReadOnlySpan<char> chars, EmptyValue emptyValue, out ReadOnlySpan<byte> value)
    {
        value = default;
        switch (Type)
        {
            case var _ when text.IsEmpty && emptyValue == EmptyValue.Omit:
                return null;
            case var _ when text.IsEmpty && emptyValue == EmptyValue.Null:
                value = "null"u8;
                return null;
            case var _ when text.IsEmpty:
                return Empty();
            case ColumnType.Number when JsonNumber.IsValid(chars):
                value = text;
                return null;
            case ColumnType.Boolean when TryReadBoolean(chars, out var truth):
                value = truth ? "true"u8 : "false"u8;
                return null;
            case ColumnType.Json when JsonText.Find(chars) is null:
                value = text.IndexOfAny((byte)'\r', (byte)'\n') < 0 ? text : JsonText.OnOneLine(text);
                return null;
            default:
                return Misfit(chars);
        }
    }

    private static bool TryReadBoolean(ReadOnlySpan<char> text, out bool value) =>
        bool.TryParse(text, out value) && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[^1]);

    private string Empty() => $"column '{Name}' is empty, and {Type} can't be; use -EmptyValue Null or Omit";

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
