using OptimoveDC.Core.IO;

namespace OptimoveDC.Core.Records.Inspection;

/// <summary>
/// Keeps more bytes than memory should hold: blocks of many partitions, in one temporary file that nobody else may
/// read and that is gone when it is closed.
/// </summary>
internal sealed class KeySpill : IDisposable
{
    private readonly List<(long Offset, int Length)>[] _blocks;
    private FileStream? _file;

    internal KeySpill(int partitions)
    {
        _blocks = new List<(long, int)>[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            _blocks[partition] = [];
        }
    }

    internal void Write(int partition, ReadOnlySpan<byte> block)
    {
        _file ??= NamelessFile.Create("keys");
        _blocks[partition].Add((_file.Position, block.Length));
        _file.Write(block);
    }

    /// <summary>How many bytes of a partition are in the file.</summary>
    internal long LengthOf(int partition) => _blocks[partition].Sum(block => (long)block.Length);

    /// <summary>Reads the blocks of a partition back, in the order in which they were written.</summary>
    internal void Read(int partition, Span<byte> buffer)
    {
        _file?.Flush();
        foreach (var (offset, length) in _blocks[partition])
        {
            _file!.Position = offset;
            _file.ReadExactly(buffer[..length]);
            buffer = buffer[length..];
        }
    }

    public void Dispose() => _file?.Dispose();
}
