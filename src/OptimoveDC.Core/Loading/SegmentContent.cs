using System.Net;
using OptimoveDC.Core.Http;

namespace OptimoveDC.Core.Loading;

/// <summary>Writes the segments of a body to the network as they are, without copying them together.</summary>
internal sealed class SegmentContent : HttpContent
{
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _segments;
    private readonly long _length;
    private readonly BodyReaders _readers;

    internal SegmentContent(IReadOnlyList<ReadOnlyMemory<byte>> segments, long length, BodyReaders readers)
    {
        _segments = segments;
        _length = length;
        _readers = readers;
        Headers.ContentType = JsonBody.MediaType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _readers.Enter();
        try
        {
            foreach (var segment in _segments)
            {
                await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _readers.Leave();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
