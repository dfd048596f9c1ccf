using System.Text;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>Changes bytes at random: a few small steps, as wear, editors and other programs would, and some as an enemy would.</summary>
internal sealed class Mutation(Random random)
{
    private const int Largest = 3000;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", "\\", "{", "}", "[", "]", ":", "0", "-", "1e999", "-0", "1.0", "NaN", "null", "true",
            "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\\u0061", "\"user_id\"", "user_id", "USER_ID", "\"user_id\":\"1\",", "\"v\":", "{}",
            "\"_optimove_reject\":{}", "sep=;\n", "sep=,\r", "\u00A0", "é", "😀", "\uFEFF", "\u2028", "//", "/*", "'", "#", "<script>", "<!--", "message",
            "\"message\":", "\"loc\":[1,2]", "\"field\":\"a.b\"", "99999999999999999999", "\"status\":\"error\"", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xFE, 0xFF], [0x1F, 0x8B], [0x1A], [0x50, 0x4B, 0x03, 0x04],
    ];

    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "1e999", "-0", "1.0", "12345678901234567890123", "\"x\"", "\"\"", "\" \"", "\"é\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "null", "true", "[]", "{}", "[[1],[2]]",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\\ud800\":1,\"\\u0061\":2}", "{\"user_id\":\"1\"}", "{\"USER_ID\":\"1\"}", "{\"error\":\"x\"}", new string('[', 70) + new string(']', 70), new string('[', 510) + new string(']', 510),
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Changes bytes in one to eight steps.</summary>
    /// <param name="bytes">What to start from; it stays as it is.</param>
    /// <param name="others">Others of its kind, to take pieces from.</param>
    internal byte[] Change(byte[] bytes, IReadOnlyList<byte[]> others)
    {
        for (var step = 1 << random.Next(4); step > 0; step--)
        {
            bytes = Step(bytes, others);
        }

        return bytes.Length <= Largest ? bytes : bytes[..Largest];
    }

    /// <summary>Changes values of JSON alone, so that most of it stays JSON.</summary>
    internal byte[] ChangeValues(byte[] bytes)
    {
        for (var step = random.Next(1, 4); step > 0; step--)
        {
            bytes = FindValue(bytes, random.Next(bytes.Length + 1)) is { } value ? [.. bytes[..value.Start], .. Values[random.Next(Values.Length)], .. bytes[value.End..]] : bytes;
        }

        return bytes;
    }

    private byte[] Step(byte[] bytes, IReadOnlyList<byte[]> others)
    {
        var at = random.Next(bytes.Length + 1);
        var (start, end) = Range(bytes.Length);
        switch (random.Next(14))
        {
            case >= 10:
                return ChangeValues(bytes);
            case 0 when at < bytes.Length:
                return [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]];
            case 1 when at < bytes.Length:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]];
            case 2:
                return [.. bytes[..start], .. bytes[end..]];
            case 3:
                return [.. bytes[..end], .. bytes[start..end], .. bytes[end..]];
            case 4:
                return random.Next(3) == 0 ? bytes[..at] : bytes;
            case 5:
                var other = others[random.Next(others.Count)];
                var (from, to) = Range(other.Length);
                return [.. bytes[..at], .. other[from..to], .. bytes[at..]];
            case 6:
                return [.. bytes[..at], .. Enumerable.Repeat(Tokens[random.Next(Tokens.Length)], random.Next(1, 40)).SelectMany(token => token), .. bytes[at..]];
            default:
                return [.. bytes[..at], .. Tokens[random.Next(Tokens.Length)], .. bytes[(random.Next(2) == 0 ? at : Math.Min(at + 1, bytes.Length))..]];
        }
    }

    // What stands between two marks of JSON: a value where there is one, and often enough something else.
    private static (int Start, int End)? FindValue(byte[] bytes, int from)
    {
        var start = bytes.AsSpan(from).IndexOfAny(":["u8);
        if (start < 0)
        {
            return null;
        }

        start += from + 1;
        var length = bytes.AsSpan(start).IndexOfAny(",]}"u8);
        return length < 0 ? null : (start, start + length);
    }

    private (int Start, int End) Range(int length)
    {
        var (one, other) = (random.Next(length + 1), random.Next(length + 1));
        return (Math.Min(one, other), Math.Max(one, other));
    }
}
