using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OptimoveDC.Core.Records.Files;

/// <summary>
/// Decodes a stream as it is read. Bytes that the encoding can't mean stop the reading where they stand: what comes
/// before them is handed out first. It reads asynchronously and in no other way.
/// </summary>
internal sealed class StrictReader : TextReader
{
    private const int BufferSize = 1 << 16;
    private readonly Stream _stream;
    private readonly Encoding _encoding;
    private readonly Decoder? _decoder;
    private readonly byte[] _bytes = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _ended;
    private long _line;
    private bool _endedInReturn;
    private UndecodableTextException? _fault;

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">The stream, behind its byte-order mark; disposed with the reader.</param>
    /// <param name="encoding">Its encoding, which must throw at what it can't decode.</param>
    /// <param name="line">The number of its first line.</param>
    internal StrictReader(Stream stream, Encoding encoding, long line)
    {
        _stream = stream;
        _encoding = encoding;
        _line = line;

        // UTF-8 is decoded without a decoder: that tells exactly where it can't go on, and is faster.
        _decoder = encoding is UTF8Encoding ? null : encoding.GetDecoder();
    }

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (_fault is not null)
            {
                throw _fault;
            }

            if ((_end > _start || (_ended && _decoder is not null)) && Decode(buffer.Span) is > 0 and var count)
            {
                return count;
            }

            if (_fault is not null)
            {
                continue;
            }

            if (_ended)
            {
                return 0;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(char[] buffer, int index, int count) => ReadAsync(buffer.AsMemory(index, count)).AsTask();

    public override int Read(char[] buffer, int index, int count) => throw new NotSupportedException();

    public override int Read() => throw new NotSupportedException();

    public override int Peek() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
        var count = await _stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        _ended = count == 0;
    }

    private int Decode(Span<char> chars)
    {
        if (_decoder is not null)
        {
            return DecodeWithDecoder(chars);
        }

        var bytes = _bytes.AsSpan(_start, _end - _start);
        var status = Utf8.ToUtf16(bytes, chars, out var read, out var written, replaceInvalidSequences: false, isFinalBlock: _ended);
        _start += read;
        if (status == OperationStatus.InvalidData)
        {
            Rune.DecodeFromUtf8(bytes[read..], out _, out var length);
            _fault = new UndecodableTextException("UTF-8", bytes.Slice(read, Math.Max(length, 1)), line: null);
        }
        else if (status == OperationStatus.DestinationTooSmall && written == 0)
        {
            throw new InvalidOperationException("The buffer is too small for a character.");
        }

        return written;
    }

    private int DecodeWithDecoder(Span<char> chars)
    {
        var bytes = _bytes.AsSpan(_start, _end - _start);
        try
        {
            _decoder!.Convert(bytes, chars, flush: _ended, out var read, out var written, out _);
            _start += read;
            CountLines(chars[..written]);
            return written;
        }
        catch (DecoderFallbackException exception)
        {
            // Where exactly it stands is found out by reading once more up to it.
            var lenient = (Encoding)_encoding.Clone();
            lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
            CountLines(lenient.GetString(bytes[..Math.Clamp(exception.Index, 0, bytes.Length)]));
            _fault = new UndecodableTextException(_encoding.WebName, exception.BytesUnknown ?? [], _line);
            return 0;
        }
    }

    private void CountLines(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        // A line feed that ends the pair begun by the text before was counted with it.
        _line += CsvLines.Count(text) - (_endedInReturn && text[0] == '\n' ? 1 : 0);
        _endedInReturn = text[^1] == '\r';
    }
}
