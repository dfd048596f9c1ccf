using System.Text;

namespace OptimoveDC.Core.Records.Files;

/// <summary>
/// The UTF-8 of a stream that is in another encoding. Bytes that the encoding can't mean stop the reading and name
/// their line.
/// </summary>
internal sealed class TranscodedStream : SourceStream
{
    private const int BlockSize = 1 << 15;
    private readonly Encoding _encoding;
    private readonly Decoder _decoder;
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly byte[] _block = new byte[BlockSize];
    private readonly char[] _chars;
    private readonly byte[] _utf8;
    private int _start;
    private int _end;
    private bool _ended;
    private long _line;
    private bool _endedInReturn;

    /// <summary>Reads a stream.</summary>
    /// <param name="inner">The stream, behind its byte-order mark; disposed with this one.</param>
    /// <param name="encoding">Its encoding, which must throw at what it can't decode.</param>
    internal TranscodedStream(Stream inner, Encoding encoding)
        : base(inner)
    {
        _encoding = encoding;
        _decoder = encoding.GetDecoder();
        _chars = new char[encoding.GetMaxCharCount(BlockSize)];
        _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(_chars.Length)];
        _line = 1;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end && !_ended)
        {
            var read = await Inner.ReadAsync(_block, cancellationToken).ConfigureAwait(false);
            _ended = read == 0;
            _start = 0;
            _end = Transcode(_block.AsSpan(0, read));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _utf8.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private int Transcode(ReadOnlySpan<byte> block)
    {
        try
        {
            var chars = _chars.AsSpan(0, _decoder.GetChars(block, _chars, flush: _ended));
            CountLines(chars);
            return _encoder.GetBytes(chars, _utf8, flush: _ended);
        }
        catch (DecoderFallbackException exception)
        {
            // Where exactly it stands is found out by reading once more up to it.
            var lenient = (Encoding)_encoding.Clone();
            lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
            CountLines(lenient.GetString(block[..Math.Clamp(exception.Index, 0, block.Length)]));
            throw new UndecodableTextException(_encoding.WebName, exception.BytesUnknown ?? [], _line);
        }
    }

    private void CountLines(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var returns = text.Count('\r');
        var breaks = text.Count('\n') + returns - (returns == 0 ? 0 : text.Count("\r\n"));

        // A line feed that ends the pair begun by the text before was counted with it.
        _line += breaks - (_endedInReturn && text[0] == '\n' ? 1 : 0);
        _endedInReturn = text[^1] == '\r';
    }
}
