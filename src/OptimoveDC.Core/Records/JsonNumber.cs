using System.Globalization;
using System.Numerics;

namespace OptimoveDC.Core.Records;

/// <summary>What is a number in JSON, and when two of them are the same.</summary>
public static class JsonNumber
{
    /// <summary>Whether a text is a number by the grammar of JSON (RFC 8259, section 6): no leading zeros, no plus sign, no spaces.</summary>
    /// <param name="text">The text, whole.</param>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        var at = 0;
        if (at < text.Length && text[at] == '-')
        {
            at++;
        }

        var whole = CountDigits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0'))
        {
            return false;
        }

        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = CountDigits(text, at + 1);
            if (fraction == 0)
            {
                return false;
            }

            at += 1 + fraction;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
            {
                at++;
            }

            var exponent = CountDigits(text, at);
            if (exponent == 0)
            {
                return false;
            }

            at += exponent;
        }

        return at == text.Length;
    }

    /// <summary>
    /// One spelling for numbers of the same value, so that <c>1</c>, <c>1.0</c> and <c>1e0</c> wait for each other.
    /// A number beyond what can be normalised cheaply keeps its own spelling.
    /// </summary>
    internal static string Normalize(string number)
    {
        // All zeros are one, whatever their sign and exponent: nothing below would bring them together.
        if (number.AsSpan(0, MantissaLength(number)).IndexOfAnyInRange('1', '9') < 0)
        {
            return "0";
        }

        if (BigInteger.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole.ToString(CultureInfo.InvariantCulture);
        }

        return decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value != 0
            ? (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
            : number;
    }

    private static int MantissaLength(string number) => number.AsSpan().IndexOfAny('e', 'E') is var exponent and >= 0 ? exponent : number.Length;

    private static int CountDigits(ReadOnlySpan<char> text, int from)
    {
        var rest = text[Math.Min(from, text.Length)..];
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? rest.Length : end;
    }
}
