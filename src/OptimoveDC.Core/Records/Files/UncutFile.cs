using System.Globalization;

namespace OptimoveDC.Core.Records.Files;

/// <summary>
/// A file that must be as long at its end as it was when it was opened: one that is cut meanwhile would pass for one that
/// ends there, and its missing records for none. It may grow, and what has no length, such as a pipe, is read as it comes.
/// </summary>
/// <param name="file">The file; disposed with this one.</param>
internal sealed class UncutFile(FileStream file) : SourceStream(file)
{
    private readonly long _length = file.CanSeek ? file.Length : 0;
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Count(count, buffer.Length);
    }

    public override int Read(Span<byte> buffer) => Count(Inner.Read(buffer), buffer.Length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private int Count(int count, int wanted)
    {
        _read += count;
        return count > 0 || wanted == 0 || _read >= _length
            ? count
            : throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"it was {_length} bytes long when it was opened and ends after {_read}: it was cut while it was read"));
    }
}
