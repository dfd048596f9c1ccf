using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>
/// Looks for what a wrong encoding or a broken export leaves in text: replacement characters, control characters,
/// UTF-8 that was read as windows-1252, invisible characters. It looks at records as they would be sent.
/// </summary>
internal static class SuspectCharacters
{
    /// <summary>Reports the first suspect character of each field of a record.</summary>
    /// <param name="element">The record as JSON.</param>
    /// <param name="line">Its line.</param>
    /// <param name="key">Its key.</param>
    /// <param name="log">Takes what is found.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Find(ReadOnlySpan<byte> element, long line, ReadOnlySpan<byte> key, FindingLog log)
    {
        if (!MayBeSuspect(element))
        {
            return;
        }

        var reader = new Utf8JsonReader(element, new JsonReaderOptions { MaxDepth = 1000 });
        string? column = null;
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
            {
                column = reader.GetString();
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && Describe(reader.GetString()!) is { } what)
            {
                log.Add(DataFindingKind.SuspectCharacter, line, $"the field '{column}' has {what}", column, Encoding.UTF8.GetString(key));
            }
        }
    }

    // Nothing suspect is without an escape, or a byte beyond printable ASCII.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool MayBeSuspect(ReadOnlySpan<byte> element)
    {
        var at = 0;
        for (; at + Vector128<byte>.Count <= element.Length; at += Vector128<byte>.Count)
        {
            var block = Vector128.Create(element[at..]);
            var found = Vector128.Equals(block, Vector128.Create((byte)'\\')) | Vector128.GreaterThan(block, Vector128.Create((byte)'~'));
            for (var bits = found.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                if (IsSuspect(element[(at + BitOperations.TrailingZeroCount(bits))..]))
                {
                    return true;
                }
            }
        }

        for (; at < element.Length; at++)
        {
            if (IsSuspect(element[at..]))
            {
                return true;
            }
        }

        return false;
    }

    // By the first bytes in UTF-8: an escape, DEL, C1 controls, U+FEFF and U+FFFD, zero-width characters, and the two
    // letters that UTF-8 read as windows-1252 begins with. A JSON value ends with a bracket, so a character is never cut.
    // The second backslash of an escaped one may be taken for the first: that is seen when the text is read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSuspect(ReadOnlySpan<byte> rest) => rest[0] switch
    {
        (byte)'\\' => rest[1] is (byte)'u' or (byte)'b' or (byte)'f',
        0x7F => true,
        0xC2 => rest[1] < 0xA0,
        0xC3 => rest[1] is 0x82 or 0x83 && rest[2] is 0xC2 or 0xC5 or 0xC6 or 0xCB or 0xE2,
        0xE2 => (rest[1], rest[2]) is (0x80, 0x8B) or (0x81, 0xA0),
        0xEF => rest[1] is 0xBB or 0xBF,
        _ => false,
    };

    private static string? Describe(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            var what = character switch
            {
                '\uFFFD' => "a replacement character: it was lost when the text was converted",
                '\uFEFF' => "a byte-order mark within it",
                '\0' => "a NUL character",
                '\t' or '\r' or '\n' => null,
                'Ã' or 'Â' when at + 1 < text.Length && IsContinuation(text[at + 1]) => $"'{text[at..(at + 2)]}', as UTF-8 read in another encoding looks",
                '\u200B' or '\u2060' => "an invisible character",
                _ when char.IsControl(character) => "a control character",
                _ => null,
            };
            if (what is not null)
            {
                return what.Contains('\'', StringComparison.Ordinal) ? what : $"{what} (U+{((int)character).ToString("X4", CultureInfo.InvariantCulture)})";
            }
        }

        return null;
    }

    // What the bytes 0x80 to 0xBF are in windows-1252: the second half of a letter that was two bytes of UTF-8.
    private static bool IsContinuation(char character) =>
        character is >= '\u0080' and <= '\u00BF' or '€' or '‚' or 'ƒ' or '„' or '…' or '†' or '‡' or 'ˆ' or '‰' or 'Š' or '‹' or 'Œ' or 'Ž'
            or '‘' or '’' or '“' or '”' or '•' or '–' or '—' or '˜' or '™' or 'š' or '›' or 'œ' or 'ž' or 'Ÿ';
}
