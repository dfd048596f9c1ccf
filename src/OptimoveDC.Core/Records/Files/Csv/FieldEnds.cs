using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace OptimoveDC.Core.Records.Files.Csv;

/// <summary>
/// Finds where fields without quotes end: at a delimiter or a line break. The ends within a block of bytes are found
/// all at once, and serve as many fields as the block has.
/// </summary>
internal sealed class FieldEnds
{
    private const int BlockLength = 32;
    private readonly byte[] _delimiter;
    private readonly SearchValues<byte> _ends;
    private int _blockStart = -BlockLength;
    private uint _blockEnds;

    internal FieldEnds(char delimiter)
    {
        _delimiter = Encoding.UTF8.GetBytes([delimiter]);
        _ends = SearchValues.Create([_delimiter[0], (byte)'\n', (byte)'\r']);
    }

    /// <summary>How many bytes the delimiter has.</summary>
    internal int DelimiterLength => _delimiter.Length;

    /// <summary>Whether bytes start with the delimiter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsDelimiter(ReadOnlySpan<byte> rest) =>
        rest[0] == _delimiter[0] && (_delimiter.Length == 1 || rest.StartsWith(_delimiter));

    /// <summary>Forgets the block: the bytes have moved.</summary>
    internal void Forget() => _blockStart = -BlockLength;

    /// <summary>Goes on to the end of a field, or of what is there.</summary>
    /// <param name="rest">The row and what follows it.</param>
    /// <param name="at">Where the field starts, or goes on.</param>
    /// <param name="rowStart">Where the row starts in the buffer, which names the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Find(ReadOnlySpan<byte> rest, int at, int rowStart)
    {
        while (_delimiter.Length == 1 && Vector256.IsHardwareAccelerated)
        {
            var offset = rowStart + at - _blockStart;
            if ((uint)offset >= BlockLength)
            {
                if (rest.Length - at < BlockLength)
                {
                    break;
                }

                LookAtBlock(rest[at..]);
                _blockStart = rowStart + at;
                offset = 0;
            }

            var ends = _blockEnds >> offset;
            if (ends != 0)
            {
                return at + BitOperations.TrailingZeroCount(ends);
            }

            at = _blockStart + BlockLength - rowStart;
        }

        return FindOne(rest, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindOne(ReadOnlySpan<byte> rest, int at)
    {
        while (true)
        {
            var found = rest[at..].IndexOfAny(_ends);
            if (found < 0)
            {
                return rest.Length;
            }

            at += found;
            if (rest[at] is (byte)'\n' or (byte)'\r' || IsDelimiter(rest[at..]))
            {
                return at;
            }

            // The first byte of a delimiter of several, and no more of it; or the rest is yet to come.
            if (rest.Length - at < _delimiter.Length)
            {
                return rest.Length;
            }

            at++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LookAtBlock(ReadOnlySpan<byte> bytes)
    {
        var block = Vector256.Create(bytes);
        var ends = Vector256.Equals(block, Vector256.Create(_delimiter[0]))
            | Vector256.Equals(block, Vector256.Create((byte)'\n'))
            | Vector256.Equals(block, Vector256.Create((byte)'\r'));
        _blockEnds = ends.ExtractMostSignificantBits();
    }
}
