using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>
/// The primary key of the record being written: the JSON that is sent, and what other keys are compared by.
/// One instance serves a whole load, so that a key costs no allocation.
/// </summary>
public sealed class RecordKey
{
    private const string NeverEscaped = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@:/ ";

    // Keys are short: a look at each character is faster than what finds one of many in a long text.
    private static readonly bool[] IsPlain = [.. Enumerable.Range(0, 128).Select(value => NeverEscaped.Contains((char)value))];

    private readonly KeyType _keyType;
    private byte[] _json = new byte[128];
    private char[] _chars = new char[128];
    private int _length;

    /// <summary>Writes keys of one load.</summary>
    /// <param name="keyType">How they are written.</param>
    public RecordKey(KeyType keyType) => _keyType = keyType;

    /// <summary>The key as JSON; empty when the record has none.</summary>
    public ReadOnlySpan<byte> Json => _json.AsSpan(0, _length);

    /// <summary>
    /// Equal for keys that may be one to the service: <c>1</c> and <c>"1"</c> wait for each other, because nobody
    /// knows whether they are the same. Different keys may share it by chance, which costs a wait and nothing else.
    /// </summary>
    internal ulong WaitHash { get; private set; }

    /// <summary>Why the text or number taken last can't be a key; null when it can, or when none was taken.</summary>
    internal RecordFault? Fault { get; private set; }

    /// <summary>Forgets the key of the record before.</summary>
    public void Clear()
    {
        _length = 0;
        Fault = null;
    }

    /// <summary>Notes that the record has no key.</summary>
    /// <param name="reason">Why: no such field, or null in it.</param>
    /// <returns>The reason.</returns>
    public string SetMissing(string reason)
    {
        Fault = RecordFault.KeyMissing;
        return reason;
    }

    /// <summary>Takes a key that the source has as text.</summary>
    /// <returns>Null, or the reason why the text can't be a key.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string? SetText(ReadOnlySpan<char> text)
    {
        Fault = null;
        if (text.IsWhiteSpace())
        {
            Fault = RecordFault.KeyBlank;
            return text.IsEmpty ? "the primary key is empty" : "the primary key is blank";
        }

        if (_keyType == KeyType.Number)
        {
            return JsonNumber.IsValid(text)
                ? SetDigits(text)
                : Refuse($"the primary key '{text}' is not a JSON number, and -KeyType Number asks for one");
        }

        if (TrySetPlain(text))
        {
            return null;
        }

        if (!RecordText.IsWellFormed(text))
        {
            return Refuse("the primary key " + RecordText.HalfCharacter);
        }

        SetEscaped(text);
        return null;
    }

    /// <summary>Takes a key that the source has as UTF-8.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="isNumber">Whether the user wants it as a number.</param>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal string? SetUtf8(ReadOnlySpan<byte> text, bool isNumber)
    {
        if (_chars.Length < text.Length)
        {
            _chars = new char[text.Length * 2];
        }

        var chars = _chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars));
        return isNumber && !chars.IsWhiteSpace() ? SetNumber(chars) : SetText(chars);
    }

    /// <summary>Takes a key that the source has as a number.</summary>
    /// <param name="digits">The number as JSON would write it.</param>
    /// <returns>Null, or the reason why it can't be a key.</returns>
    public string? SetNumber(ReadOnlySpan<char> digits)
    {
        Fault = null;
        if (!JsonNumber.IsValid(digits))
        {
            return Refuse($"the primary key '{digits}' is not a JSON number");
        }

        if (_keyType != KeyType.String)
        {
            return SetDigits(digits);
        }

        if (!TrySetPlain(digits))
        {
            SetEscaped(digits);
        }

        return null;
    }

    /// <summary>Takes the key of a record that was written before.</summary>
    /// <param name="json">The key as JSON.</param>
    /// <param name="waitHash">What <see cref="WaitHash"/> was.</param>
    internal void Copy(ReadOnlySpan<byte> json, ulong waitHash)
    {
        Fault = null;
        EnsureCapacity(json.Length);
        json.CopyTo(_json);
        _length = json.Length;
        WaitHash = waitHash;
    }

    /// <summary>Notes that what stands in the place of the key can't be one.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The reason.</returns>
    public string Refuse(string reason)
    {
        Fault = RecordFault.KeyInvalid;
        return reason;
    }

    // Nearly all keys are plain, and stand in the JSON as they are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TrySetPlain(ReadOnlySpan<char> text)
    {
        EnsureCapacity(text.Length + 2);
        var json = _json.AsSpan(0, text.Length + 2);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] >= IsPlain.Length || !IsPlain[text[at]])
            {
                return false;
            }

            json[at + 1] = (byte)text[at];
        }

        json[0] = json[^1] = (byte)'"';
        _length = json.Length;
        WaitHash = HashOf(text);
        return true;
    }

    private string? SetDigits(ReadOnlySpan<char> digits)
    {
        EnsureCapacity(digits.Length);
        _length = Encoding.UTF8.GetBytes(digits, _json);
        WaitHash = HashOf(digits);
        return null;
    }

    private void SetEscaped(ReadOnlySpan<char> text)
    {
        var escaped = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        EnsureCapacity(escaped.Length + 2);
        _json[0] = (byte)'"';
        escaped.CopyTo(_json.AsSpan(1));
        _length = escaped.Length + 2;
        _json[_length - 1] = (byte)'"';
        WaitHash = HashOf(text);
    }

    // Plain keys, nearly all there are, are hashed as they stand; a text like 1.0, 1e0 or -0 is brought to one spelling first.
    // The states of syncs are in the order of this hash: another one makes another form of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static ulong HashOf(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '-') && (HasPointOrExponent(text) || text is "-0") && JsonNumber.IsValid(text))
        {
            text = JsonNumber.Normalize(text.ToString());
        }

        return RecordHash.Of(MemoryMarshal.AsBytes(text));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasPointOrExponent(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is '.' or 'e' or 'E')
            {
                return true;
            }
        }

        return false;
    }

    private void EnsureCapacity(int bytes)
    {
        if (_json.Length < bytes)
        {
            _json = new byte[bytes * 2];
        }
    }
}
