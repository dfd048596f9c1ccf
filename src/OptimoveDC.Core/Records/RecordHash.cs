using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Records;

/// <summary>
/// A hash of bytes, 128 bits or the first 64 of them: tells whether keys or rows are the same. It is no protection
/// against somebody who looks for two texts with one hash.
/// </summary>
/// <remarks>
/// Sixteen bytes at a time are multiplied to 128 bits, folded, and carried on, in two chains with constants of their
/// own. A library has better known ones; what made them slow here is that nothing of theirs is compiled with
/// optimisation before most imports are over. docs/performance.md has the figures.
/// </remarks>
internal struct RecordHash
{
    // Odd, with as many ones as zeros, and otherwise without meaning: fractional digits of the roots of 2, 3, 5 and 7.
    private const ulong First = 0x6A09E667F3BCC909;
    private const ulong Second = 0xBB67AE8584CAA73B;
    private const ulong Third = 0x3C6EF372FE94F82B;
    private const ulong Fourth = 0xA54FF53A5F1D36F1;

    private ulong _high;
    private ulong _low;

    /// <summary>Of bytes alone, in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var high = First;
        for (var length = (ulong)bytes.Length; ; bytes = bytes[16..])
        {
            if (bytes.Length <= 16)
            {
                var (a, b) = ReadRest(bytes);
                return Fold(Fold(a ^ Second, b ^ high), length ^ Third);
            }

            high = Fold(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ high);
        }
    }

    /// <summary>Adds bytes. The same bytes in other portions make another hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        var high = _high ^ First;
        var low = _low ^ Third;
        var length = (ulong)bytes.Length;
        for (; bytes.Length > 16; bytes = bytes[16..])
        {
            var a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            var b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            high = Fold(a ^ Second, b ^ high);
            low = Fold(a ^ low, b ^ Fourth);
        }

        var (last, end) = ReadRest(bytes);
        _high = Fold(Fold(last ^ Second, end ^ high), length ^ Third);
        _low = Fold(Fold(last ^ low, end ^ Fourth), length ^ First);
    }

    /// <summary>The 128 bits in hexadecimal digits.</summary>
    public override readonly string ToString() => $"{_high:X16}{_low:X16}";

    // Up to sixteen bytes as two words; where they are fewer than both have room for, the words overlap, and the length
    // tells such texts apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong First, ulong Second) ReadRest(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        >= 8 => (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..])),
        >= 4 => (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..])),
        > 0 => (bytes[0] | ((ulong)bytes[bytes.Length / 2] << 8) | ((ulong)bytes[^1] << 16), 0),
        _ => (0, 0),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
