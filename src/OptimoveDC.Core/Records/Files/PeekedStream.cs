namespace OptimoveDC.Core.Records.Files;

/// <summary>A stream whose first bytes were looked at and are still to be read; it need not seek, so a FIFO will do.</summary>
internal sealed class PeekedStream : SourceStream
{
    private readonly byte[] _head;
    private readonly int _headLength;
    private int _headRead;

    private PeekedStream(Stream inner, byte[] head, int headLength)
        : base(inner)
    {
        _head = head;
        _headLength = headLength;
    }

    /// <summary>The first bytes; fewer than asked for when the stream is shorter.</summary>
    internal ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public override int Read(Span<byte> buffer)
    {
        var fromHead = ReadHead(buffer);
        return fromHead > 0 ? fromHead : Inner.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var fromHead = ReadHead(buffer.Span);
        return fromHead > 0 ? ValueTask.FromResult(fromHead) : Inner.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Reads the first bytes of a stream.</summary>
    internal static async Task<PeekedStream> PeekAsync(Stream inner, int count, CancellationToken cancellationToken)
    {
        var head = new byte[count];
        var length = await inner.ReadAtLeastAsync(head, count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new PeekedStream(inner, head, length);
    }

    private int ReadHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _headLength - _headRead);
        _head.AsSpan(_headRead, count).CopyTo(buffer);
        _headRead += count;
        return count;
    }
}
