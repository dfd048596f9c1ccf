using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>
/// Brings keys that people would take for one to one form: <c>01</c> and <c>1</c>, a trailing space, upper and lower
/// case, full-width digits, a number and its text.
/// </summary>
internal sealed class NearKey
{
    private const char NoCharacter = '\uFFFE';
    private byte[] _bytes = new byte[256];

    /// <summary>A hash that keys of one form share. Others may share it by chance.</summary>
    /// <param name="key">The key as JSON.</param>
    internal ulong HashOf(ReadOnlySpan<byte> key) => RecordHash.Of(FormOf(key));

    /// <summary>Whether two keys have one form.</summary>
    internal bool AreNear(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => FormOf(one).ToArray().AsSpan().SequenceEqual(FormOf(other));

    /// <summary>In what two keys of one form differ.</summary>
    internal static string Difference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (first, second) = (TextOf(one), TextOf(other));
        if (first == second)
        {
            return one[0] == other[0] ? "the way they are written" : "that one is a number and one is text";
        }

        if (first.Trim() == second.Trim())
        {
            return "white space";
        }

        if (first.Equals(second, StringComparison.OrdinalIgnoreCase))
        {
            return "upper and lower case";
        }

        return first.TrimStart('0') == second.TrimStart('0') ? "leading zeros" : "the form of their characters";
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> FormOf(ReadOnlySpan<byte> key)
    {
        var text = key[0] == '"' ? key[1..^1] : key;
        if (IsPlainWord(text))
        {
            return _bytes.AsSpan(0, text.Length);
        }

        if (text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0 || text.IndexOf((byte)'\\') >= 0)
        {
            return FormOf(TextOf(key));
        }

        text = text.Trim((byte)' ');
        if (text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            return WithoutZeros(text);
        }

        // Only what begins like a number can be one with a point or an exponent.
        if (text[0] is >= (byte)'0' and <= (byte)'9' or (byte)'-' && text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0)
        {
            return FormOf(Encoding.ASCII.GetString(text));
        }

        Reserve(text.Length);
        Ascii.ToUpper(text, _bytes, out var length);
        return _bytes.AsSpan(0, length);
    }

    // Most keys are letters and digits, and begin with a letter: their form is found on the way.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsPlainWord(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        var form = _bytes;
        for (var at = 0; at < text.Length; at++)
        {
            var value = text[at];
            if (value is >= (byte)'a' and <= (byte)'z')
            {
                value -= 0x20;
            }
            else if (value is not (>= (byte)'A' and <= (byte)'Z') && (at == 0 || value is not ((>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_')))
            {
                return false;
            }

            form[at] = value;
        }

        return text.Length > 0;
    }

    private ReadOnlySpan<byte> FormOf(string text)
    {
        // The framework normalises no text that has this, which stands for no character; such a key is near to none but itself.
        text = text.Contains(NoCharacter, StringComparison.Ordinal) ? text : text.Normalize(NormalizationForm.FormKC);
        text = string.Concat(text.Where(character => char.GetUnicodeCategory(character) is not (UnicodeCategory.Format or UnicodeCategory.Control))).Trim();
        text = JsonNumber.IsValid(text) ? JsonNumber.Normalize(text) : text.ToUpperInvariant();
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        var bytes = _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
        return bytes.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? WithoutZeros(bytes) : bytes;
    }

    private static ReadOnlySpan<byte> WithoutZeros(ReadOnlySpan<byte> digits)
    {
        var trimmed = digits.TrimStart((byte)'0');
        return trimmed.IsEmpty && !digits.IsEmpty ? digits[^1..] : trimmed;
    }

    private static string TextOf(ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader(key);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(key);
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length < bytes)
        {
            _bytes = new byte[bytes * 2];
        }
    }
}
