using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimoveDC.Core.Records;

/// <summary>
/// Copies text into JSON up to what may not stand there as it is: quotes, backslashes and control characters
/// (RFC 8259, section 7). Whatever else is valid UTF-8 may.
/// </summary>
internal static class JsonEscapes
{
    private const ulong Ones = 0x0101010101010101;
    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Copies what needs no escape, and looks for what does in the same go.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="to">Has room for all of it; what lies behind what was copied may be overwritten.</param>
    /// <returns>How many bytes were copied: the length of the text, or where the first byte to be escaped is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int CopyPlain(ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (text.Length >= Vector128<byte>.Count)
        {
            return CopyLong(text, to);
        }

        // Most fields are short. Two words that overlap cover any of 8 to 15 bytes.
        if (text.Length >= sizeof(ulong))
        {
            var first = BinaryPrimitives.ReadUInt64LittleEndian(text);
            var last = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
            if (!HasAny(first) && !HasAny(last))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(to, first);
                BinaryPrimitives.WriteUInt64LittleEndian(to[(text.Length - sizeof(ulong))..], last);
                return text.Length;
            }
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is < 0x20 or (byte)'"' or (byte)'\\')
            {
                return at;
            }

            to[at] = text[at];
        }

        return text.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CopyLong(ReadOnlySpan<byte> text, Span<byte> to)
    {
        // The last block overlaps the one before, so that nothing is left over.
        for (var at = 0; ; at = Math.Min(at + Vector128<byte>.Count, text.Length - Vector128<byte>.Count))
        {
            var block = Vector128.Create(text[at..]);
            block.CopyTo(to[at..]);
            var found = Vector128.Equals(block, Vector128.Create((byte)'"'))
                | Vector128.Equals(block, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(block, Vector128.Create((byte)0x20));
            if (found != Vector128<byte>.Zero)
            {
                return at + BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
            }

            if (at == text.Length - Vector128<byte>.Count)
            {
                return text.Length;
            }
        }
    }

    // Eight bytes at once: a byte below a bound borrows from its highest bit, and only where that bit was not set before
    // does it tell. Lower neighbours can only make it see too much, never too little, and then each byte is looked at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasAny(ulong word)
    {
        var quote = word ^ (Ones * '"');
        var backslash = word ^ (Ones * '\\');
        return ((((word - (Ones * 0x20)) & ~word) | ((quote - Ones) & ~quote) | ((backslash - Ones) & ~backslash)) & HighBits) != 0;
    }
}
