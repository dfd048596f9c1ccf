using System.Runtime.CompilerServices;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading.Isolation;

namespace OptimoveDC.Core.Loading;

/// <summary>
/// The body of a request: the envelope around the bytes of a piece, which stay where they were written.
/// Records next to each other go as one run; only a superseded one between them makes a gap.
/// </summary>
internal sealed class PieceBody : IRequestBody
{
    private static readonly byte[] Comma = [(byte)','];
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly BodyReaders _readers;

    internal PieceBody(Piece piece, Envelope envelope, bool completes)
    {
        _readers = piece.Chunk.Readers;
        _segments.Add(envelope.Opening(completes));
        AddRuns(piece);
        _segments.Add(envelope.Closing);
        foreach (var segment in _segments)
        {
            Length += segment.Length;
        }
    }

    /// <summary>The body of a single element that no longer lies in a chunk.</summary>
    internal PieceBody(ReadOnlyMemory<byte> element, Envelope envelope, bool completes)
    {
        _readers = new BodyReaders();
        _segments.AddRange([envelope.Opening(completes), element, envelope.Closing]);
        Length = _segments.Sum(segment => (long)segment.Length);
    }

    public long Length { get; }

    public HttpContent CreateContent() => new SegmentContent(_segments, Length, _readers);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRuns(Piece piece)
    {
        var body = piece.Chunk.Body.Array;
        var records = piece.Records;
        var runStart = 0;
        for (var at = 1; at <= records.Length; at++)
        {
            if (at < records.Length && records[at] == records[at - 1] + 1)
            {
                continue;
            }

            if (runStart > 0)
            {
                _segments.Add(Comma);
            }

            var from = piece.Chunk.RecordAt(records[runStart]).Offset;
            var to = piece.Chunk.RecordAt(records[at - 1]).End;
            _segments.Add(body.AsMemory(from, to - from));
            runStart = at;
        }
    }
}
