using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimoveDC.Core.Records;

/// <summary>
/// Finds what a JSON text may not have as it is: quotes, backslashes and control characters (RFC 8259, section 7).
/// Whatever else is valid UTF-8 may stand.
/// </summary>
internal static class JsonEscapes
{
    private const ulong Ones = 0x0101010101010101;
    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Where the first byte is that has to be escaped; -1 when there is none.</summary>
    /// <param name="text">Valid UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int IndexOf(ReadOnlySpan<byte> text)
    {
        if (text.Length >= Vector128<byte>.Count)
        {
            return IndexOfLong(text);
        }

        // Most fields are short. Two words that overlap cover any of 8 to 15 bytes.
        if (text.Length >= sizeof(ulong)
            && !HasAny(BinaryPrimitives.ReadUInt64LittleEndian(text))
            && !HasAny(BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..])))
        {
            return -1;
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is < 0x20 or (byte)'"' or (byte)'\\')
            {
                return at;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int IndexOfLong(ReadOnlySpan<byte> text)
    {
        // The last block overlaps the one before, so that nothing is left over.
        for (var at = 0; ; at = Math.Min(at + Vector128<byte>.Count, text.Length - Vector128<byte>.Count))
        {
            var block = Vector128.Create(text[at..]);
            var found = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(block, Vector128.Create((byte)0x20));
            if (found != Vector128<byte>.Zero)
            {
                return at + BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
            }

            if (at == text.Length - Vector128<byte>.Count)
            {
                return -1;
            }
        }
    }

    // The classic trick on eight bytes at once: a byte below a bound borrows from its highest bit, and only such a byte
    // had that bit unset before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasAny(ulong word)
    {
        var quote = word ^ (Ones * '"');
        var backslash = word ^ (Ones * '\\');
        return ((((word - (Ones * 0x20)) & ~word) | ((quote - Ones) & ~quote) | ((backslash - Ones) & ~backslash)) & HighBits) != 0;
    }
}
