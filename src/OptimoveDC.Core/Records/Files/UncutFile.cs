using System.Globalization;

namespace OptimoveDC.Core.Records.Files;

/// <summary>
/// A file that must be as long at its end as it was when it was opened: one that is cut meanwhile would pass for one that
/// ends there, and its missing records for none. It may grow, and what has no length, such as a pipe, is read as it comes.
/// </summary>
/// <param name="file">The file; disposed with this one.</param>
internal sealed class UncutFile(FileStream file) : Stream
{
    private readonly long _length = file.CanSeek ? file.Length : 0;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Count(count, buffer.Length);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => Count(file.Read(buffer), buffer.Length);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

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
