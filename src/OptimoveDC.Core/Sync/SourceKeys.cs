using System.Runtime.CompilerServices;
using OptimoveDC.Core.Records.Inspection;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// The keys of a source, each with the hash of its record and its place, brought into the order of the state. They go
/// into 256 parts by the first byte of that order, which are spilled to a temporary file as they fill and sorted one at
/// a time. Memory: 8 MiB for the parts being filled, and two parts while they are compared, about a 128th of all keys.
/// </summary>
internal sealed class SourceKeys : IDisposable
{
    internal const int Parts = 256;

    /// <summary>The place of a key whose record was refused before it could be sent: it is in the source, and no more.</summary>
    internal const long Refused = -1;

    private const int BlockSize = 1 << 15;

    private readonly KeySpill _spill = new(Parts);
    private readonly byte[]?[] _blocks = new byte[Parts][];
    private readonly int[] _used = new int[Parts];
    private readonly int[] _counts = new int[Parts];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Add(ulong waitHash, ReadOnlySpan<byte> json, UInt128 content, long place)
    {
        var part = (int)(waitHash >> 56);
        var size = SortedKeys.HeadSize + json.Length;
        var block = _blocks[part] ??= new byte[BlockSize];
        if (_used[part] + size > block.Length)
        {
            _spill.Write(part, block.AsSpan(0, _used[part]));
            _used[part] = 0;
            if (size > block.Length)
            {
                _blocks[part] = block = new byte[size];
            }
        }

        SortedKeys.Write(block.AsSpan(_used[part], size), waitHash, json, content, place);
        _used[part] += size;
        _counts[part]++;
    }

    /// <summary>Brings a part into order: by key, and by place where a key comes more than once. Each part once.</summary>
    /// <param name="part">Which.</param>
    /// <param name="sorted">Takes it, in the place of what it held before.</param>
    internal void Sort(int part, SortedKeys sorted)
    {
        var spilled = checked((int)_spill.LengthOf(part));
        var entries = sorted.Reserve(spilled + _used[part]);
        _spill.Read(part, entries[..spilled]);
        _blocks[part].AsSpan(0, _used[part]).CopyTo(entries[spilled..]);
        _blocks[part] = null;
        sorted.Sort(_counts[part]);
    }

    public void Dispose() => _spill.Dispose();
}
