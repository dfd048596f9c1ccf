using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace OptimoveDC.Core.Records.Files.Csv;

/// <summary>
/// Reads the rows of a CSV file (RFC 4180) as UTF-8 bytes, which is how they are sent: no field becomes a string, and
/// none is decoded to UTF-16 and encoded again.
/// </summary>
/// <remarks>
/// A line ends with LF, CRLF or CR. A quote counts only at the start of a field; a quote within quotes is written twice.
/// Lines with nothing in them are passed over.
/// </remarks>
internal sealed class Utf8CsvReader : IDisposable
{
    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly Stream _stream;
    private readonly FieldEnds _ends;
    private readonly int _longestRecord;
    private byte[] _buffer;
    private CsvField[] _fields = new CsvField[16];
    private int _rowStart;
    private int _next;
    private int _filled;
    private int _validUpTo;
    private bool _isAtEnd;
    private bool _hasDoubledQuotes;
    private long _nextLine;

    /// <summary>Reads from where the stream is.</summary>
    /// <param name="stream">The file, as UTF-8; the caller disposes it.</param>
    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="firstLine">The number of the line that comes first; from 1.</param>
    /// <param name="longestRecord">The most bytes that a row may have.</param>
    /// <param name="bufferSize">How many bytes are read at once.</param>
    internal Utf8CsvReader(Stream stream, char delimiter, long firstLine, int longestRecord, int bufferSize = 1 << 18)
    {
        _stream = stream;
        _ends = new FieldEnds(delimiter);
        _nextLine = firstLine;
        _longestRecord = longestRecord;
        _buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
    }

    private enum Parsed
    {
        Row,
        Blank,
        NeedsMore,
    }

    /// <summary>How many fields the row has.</summary>
    internal int FieldCount { get; private set; }

    /// <summary>The line that the row starts at.</summary>
    internal long Line { get; private set; }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>A field of the row, without its quotes; valid UTF-8. It must not be kept beyond the next row.</summary>
    internal ReadOnlySpan<byte> this[int field]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _buffer.AsSpan(_rowStart + _fields[field].Start, _fields[field].Length);
    }

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CsvException">The row can't be read.</exception>
    /// <exception cref="UndecodableTextException">The row is no UTF-8.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ValueTask<bool> ReadAsync(CancellationToken cancellationToken) =>
        TryReadBuffered(out var found) ? ValueTask.FromResult(found) : ReadOnAsync(cancellationToken);

    private async ValueTask<bool> ReadOnAsync(CancellationToken cancellationToken)
    {
        bool found;
        do
        {
            MakeRoom();
            var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
            _filled += read;
            _isAtEnd = read == 0;
            CheckEncodingOfRead(_validUpTo);
        }
        while (!TryReadBuffered(out found));
        return found;
    }

    // False when the buffer does not hold the whole of the next row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadBuffered(out bool found)
    {
        while (true)
        {
            _rowStart = _next;
            Line = _nextLine;
            if (_rowStart == _filled)
            {
                found = false;
                return _isAtEnd;
            }

            switch (Parse())
            {
                case Parsed.Row:
                    found = true;
                    return true;
                case Parsed.NeedsMore:
                    found = false;
                    return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Parsed Parse()
    {
        var rest = _buffer.AsSpan(_rowStart, _filled - _rowStart);
        var at = 0;
        var lines = 0;
        FieldCount = 0;
        _hasDoubledQuotes = false;
        while (true)
        {
            var start = at;
            int length;
            if (at < rest.Length && rest[at] == Quote)
            {
                if (!TryReadQuoted(rest, ref at, ref lines, out start, out length))
                {
                    return Parsed.NeedsMore;
                }
            }
            else
            {
                at = _ends.Find(rest, at, _rowStart);
                length = at - start;
            }

            if (at >= rest.Length && !_isAtEnd)
            {
                return Parsed.NeedsMore;
            }

            Add(start, length);
            if (at < rest.Length && _ends.IsDelimiter(rest[at..]))
            {
                at += _ends.DelimiterLength;
                continue;
            }

            if (!TryEndLine(rest, ref at))
            {
                return Parsed.NeedsMore;
            }

            // Before quotes are taken out of it, which leaves bytes behind that belong to nothing.
            if (_rowStart + at > _validUpTo)
            {
                CheckEncoding(rest[..at]);
            }

            TakeOutDoubledQuotes();
            _next = _rowStart + at;
            _nextLine = Line + lines + 1;
            return FieldCount == 1 && length == 0 && start == 0 ? Parsed.Blank : Parsed.Row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadQuoted(Span<byte> rest, ref int at, ref int lines, out int start, out int length)
    {
        start = at + 1;
        length = 0;
        var doubled = 0;
        for (var from = start; ;)
        {
            var found = rest[from..].IndexOf(Quote);
            if (found < 0)
            {
                return _isAtEnd ? throw new CsvException(Line, CsvFault.QuoteLeftOpen) : false;
            }

            var quote = from + found;
            if (quote + 1 < rest.Length && rest[quote + 1] == Quote)
            {
                doubled++;
                from = quote + 2;
                continue;
            }

            if (quote + _ends.DelimiterLength >= rest.Length && !_isAtEnd)
            {
                return false;
            }

            at = quote + 1;
            if (at < rest.Length && rest[at] is not (LineFeed or CarriageReturn) && !_ends.IsDelimiter(rest[at..]))
            {
                throw new CsvException(Line, CsvFault.TextAfterQuote);
            }

            lines += CountLines(rest[start..quote]);
            length = quote - start;
            if (doubled > 0)
            {
                // Marked by a negative length until the row is known to be whole: then the doubled quotes are taken out.
                length = -length;
                _hasDoubledQuotes = true;
            }

            return true;
        }
    }

    private bool TryEndLine(ReadOnlySpan<byte> rest, ref int at)
    {
        if (at < rest.Length)
        {
            if (rest[at] == CarriageReturn)
            {
                if (at + 1 == rest.Length && !_isAtEnd)
                {
                    return false;
                }

                at += at + 1 < rest.Length && rest[at + 1] == LineFeed ? 2 : 1;
            }
            else
            {
                at++;
            }
        }

        return true;
    }

    private void TakeOutDoubledQuotes()
    {
        for (var field = 0; _hasDoubledQuotes && field < FieldCount; field++)
        {
            if (_fields[field].Length < 0)
            {
                _fields[field] = TakeOutDoubledQuotes(_fields[field]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CsvField TakeOutDoubledQuotes(CsvField field)
    {
        var text = _buffer.AsSpan(_rowStart + field.Start, -field.Length);
        var to = 0;
        for (var from = 0; from < text.Length;)
        {
            var found = text[from..].IndexOf(Quote);
            var run = found < 0 ? text.Length - from : found + 1;
            text.Slice(from, run).CopyTo(text[to..]);
            to += run;
            from += found < 0 ? run : run + 1;
        }

        return new CsvField(field.Start, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int start, int length)
    {
        if (FieldCount == _fields.Length)
        {
            GrowFields();
        }

        _fields[FieldCount++] = new CsvField(start, length);
    }

    private void GrowFields() => Array.Resize(ref _fields, FieldCount * 2);

    // Looked at all at once, which is faster than row by row; which row is wrong shows when it is read.
    private void CheckEncodingOfRead(int from)
    {
        var read = _buffer.AsSpan(from, _filled - from);
        var whole = read.Length;
        for (var back = 1; back <= Math.Min(3, read.Length) && read[^back] >= 0x80; back++)
        {
            // The first byte of a character whose others are yet to come, perhaps.
            if (read[^back] >= 0xC0)
            {
                whole = read.Length - back;
                break;
            }
        }

        _validUpTo = Utf8.IsValid(read[..whole]) ? from + whole : from;
    }

    private void CheckEncoding(ReadOnlySpan<byte> row)
    {
        if (Utf8.IsValid(row))
        {
            return;
        }

        // A row of several lines: the one that holds the first bad byte.
        var good = 0;
        while (Rune.DecodeFromUtf8(row[good..], out _, out var consumed) == OperationStatus.Done)
        {
            good += consumed;
        }

        Rune.DecodeFromUtf8(row[good..], out _, out var bad);
        throw new UndecodableTextException("UTF-8", row.Slice(good, Math.Max(bad, 1)), Line + CountLines(row[..good]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CountLines(ReadOnlySpan<byte> text)
    {
        var lineFeeds = text.Count(LineFeed);
        var returns = text.Count(CarriageReturn);
        return returns == 0 ? lineFeeds : lineFeeds + returns - text.Count("\r\n"u8);
    }

    // The row that is begun goes to the start of the buffer, and the buffer grows if that row fills it.
    private void MakeRoom()
    {
        var begun = _filled - _rowStart;
        if (begun > _longestRecord)
        {
            throw new CsvException(Line, CsvFault.TooLong);
        }

        if (begun == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_rowStart, begun).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_rowStart, begun).CopyTo(_buffer);
        }

        _ends.Forget();
        _validUpTo = Math.Max(_validUpTo - _rowStart, 0);
        _rowStart = 0;
        _next = 0;
        _filled = begun;
    }

    private readonly record struct CsvField(int Start, int Length);
}
