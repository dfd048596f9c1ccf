using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>Tells by a glance what a text looks like. It has to be quick: it is asked for every field.</summary>
internal static class TextForms
{
    // A double keeps 15 digits of any number.
    private const int MostDigits = 15;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static TextForm Of(ReadOnlySpan<char> text)
    {
        var first = text[0];
        if (char.IsAsciiDigit(first) || first == '-')
        {
            return OfDigits(text);
        }

        return text.Length <= 5 && char.IsAsciiLetter(first) ? OfWord(text) : TextForm.Other;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static TextForm Of(ReadOnlySpan<byte> text)
    {
        // Whatever has a form is short and ASCII, and most of what hasn't shows it in the first letter.
        const int Longest = 64;
        if (text.Length > Longest || (!IsDigitOrSign(text[0]) && (text.Length > 5 || !IsLetter(text[0]))))
        {
            return TextForm.Other;
        }

        return OfPlain(text) ?? OfAscii(text);
    }

    // What nearly all numbers, dates and booleans are, told from the bytes; null for whatever may be something else.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TextForm? OfPlain(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8))
        {
            return TextForm.Boolean;
        }

        if (text.Length == 10 && text[4] == '-' && text[7] == '-')
        {
            return null;
        }

        var points = 0;
        foreach (var value in text)
        {
            if (value is < (byte)'0' or > (byte)'9' && (value != '.' || ++points > 1))
            {
                return null;
            }
        }

        return text.Length > MostDigits || text[0] == '0' || text[^1] == '.' ? null : TextForm.Number;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TextForm OfAscii(ReadOnlySpan<byte> text)
    {
        Span<char> chars = stackalloc char[text.Length];
        return System.Text.Ascii.ToUtf16(text, chars, out _) == System.Buffers.OperationStatus.Done ? Of(chars) : TextForm.Other;
    }

    private static bool IsDigitOrSign(byte value) => value is (>= (byte)'0' and <= (byte)'9') or (byte)'-';

    private static bool IsLetter(byte value) => (value | 0x20) is >= (byte)'a' and <= (byte)'z';

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TextForm OfDigits(ReadOnlySpan<char> text)
    {
        if (IsIsoDate(text))
        {
            return TextForm.IsoDate;
        }

        if (JsonNumber.IsValid(text))
        {
            return text.Length > MostDigits && CountDigits(text) > MostDigits ? TextForm.Code : TextForm.Number;
        }

        if (text.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return TextForm.Code;
        }

        if (IsOtherDate(text))
        {
            return TextForm.OtherDate;
        }

        return IsCommaNumber(text) ? TextForm.CommaNumber : TextForm.Other;
    }

    private static TextForm OfWord(ReadOnlySpan<char> text)
    {
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            return TextForm.Boolean;
        }

        return text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("no", StringComparison.OrdinalIgnoreCase) ? TextForm.YesNo : TextForm.Other;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsAsciiDigit(character) ? 1 : 0;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsIsoDate(ReadOnlySpan<char> text) =>
        text.Length >= 10 && text[4] == text[7] && text[4] is '-' or '/'
        && Within(text[..4], 1, 9999) && Within(text.Slice(5, 2), 1, 12) && Within(text.Slice(8, 2), 1, 31)
        && (text.Length == 10 || text[10] is 'T' or ' ');

    private static bool IsOtherDate(ReadOnlySpan<char> text)
    {
        if (text.Length < 6)
        {
            return false;
        }

        var separator = char.IsAsciiDigit(text[1]) ? text[2] : text[1];
        if (separator is not ('.' or '/' or '-'))
        {
            return false;
        }

        var first = text.IndexOf(separator);
        var rest = text[(first + 1)..];
        var second = rest.IndexOf(separator);
        if (second is < 1 or > 2)
        {
            return false;
        }

        var year = rest[(second + 1)..];
        var end = year.IndexOfAnyExceptInRange('0', '9');
        year = end < 0 ? year : year[..end];
        return year.Length is 2 or 4 && Within(text[..first], 1, 31) && Within(rest[..second], 1, 31);
    }

    private static bool IsCommaNumber(ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        return comma > 0 && comma == text.LastIndexOf(',') && comma < text.Length - 1
            && JsonNumber.IsValid(text[..comma]) && text[(comma + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Within(ReadOnlySpan<char> digits, int least, int most)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return value >= least && value <= most;
    }
}
