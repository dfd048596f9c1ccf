using System.Text.Json;
using OptimoveDC.Core.Records.Columns;

namespace OptimoveDC.Core.Records.Files.Json;

/// <summary>The records of a file with one JSON object a line (NDJSON), read in a stream. A bad line is a reject; the others go on.</summary>
internal sealed class JsonLinesSource : IRecordSource
{
    private readonly TextFile _file;
    private readonly JsonWindow _window;
    private readonly ColumnSet _columns;
    private readonly JsonRecord _record;

    // A lone object in a file that isn't named for it may be a list under some name, or a file of settings.
    private bool _mayBeLoneObject;

    internal JsonLinesSource(TextFile file, FileLayout layout)
    {
        _file = file;
        _window = new JsonWindow(file);
        _columns = new ColumnSet(layout);
        _record = new JsonRecord(_columns);
        var name = file.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file.Path[..^3] : file.Path;
        _mayBeLoneObject = !name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
    }

    public string Name => _file.Path;

    public long? TotalBytes => _file.TotalBytes;

    public long BytesRead => _file.BytesRead;

    public IReadOnlyList<string> FieldNames => _columns.FieldNames;

    public IReadOnlyList<string> Remarks => UnseenColumns.Describe(_columns);

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        if (!_mayBeLoneObject)
        {
            while (LineLength() is >= 0 and <= RecordText.Longest and var length)
            {
                if (TakeLine(writer, length))
                {
                    return ValueTask.FromResult(true);
                }
            }
        }

        return ReadOnAsync(writer, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _window.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> ReadOnAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = LineLength();
            CheckLength(length < 0 ? _window.Bytes.Length : length);
            if (length < 0)
            {
                if (await _window.FillAsync(Math.Max(2 * _window.Bytes.Length, 1), cancellationToken).ConfigureAwait(false) || !_window.Bytes.IsEmpty)
                {
                    continue;
                }

                return !_mayBeLoneObject ? false : throw new SourceException(Name, null, "it is empty");
            }

            if (_mayBeLoneObject && !IsBlank(length))
            {
                await RefuseLoneObjectAsync(length, cancellationToken).ConfigureAwait(false);
                _mayBeLoneObject = false;
            }

            if (TakeLine(writer, length))
            {
                return true;
            }
        }
    }

    /// <summary>How long the line is that the window starts with, without its line feed; negative when its end isn't there yet.</summary>
    private int LineLength()
    {
        var end = _window.Bytes.IndexOf((byte)'\n');
        return end >= 0 ? end : _window is { IsLast: true, Bytes.IsEmpty: false } ? _window.Bytes.Length : -1;
    }

    private void CheckLength(int length)
    {
        if (length > RecordText.Longest)
        {
            throw new SourceException(Name, _window.Line, $"the line that starts here is longer than {RecordText.Longest} bytes");
        }
    }

    private bool IsBlank(int length) => _window.Bytes[..length].IndexOfAnyExcept(" \t\r"u8) < 0;

    private bool TakeLine(RecordWriter writer, int length)
    {
        var isRecord = !IsBlank(length);
        if (isRecord)
        {
            WriteRecord(writer, _window.Bytes[..length].Trim(" \t\r"u8));
        }

        _window.Consume(Math.Min(length + 1, _window.Bytes.Length));
        return isRecord;
    }

    private void WriteRecord(RecordWriter writer, ReadOnlySpan<byte> json)
    {
        try
        {
            _record.TryScan(json, isFinal: true);
        }
        catch (JsonException exception)
        {
            writer.Begin(_window.Line);
            writer.Reject($"the line is not JSON: {JsonText.Describe(exception)} (at byte {exception.BytePositionInLine + 1})", JsonFieldWriter.ShowText(json), RecordFault.Malformed);
            return;
        }

        if (_record.Length < json.Length)
        {
            writer.Begin(_window.Line);
            writer.Reject($"the line goes on after its record, at byte {_record.Length + 1}", JsonFieldWriter.ShowText(json), RecordFault.Malformed);
            return;
        }

        _record.Write(json, writer, _window.Line);
    }

    private async ValueTask RefuseLoneObjectAsync(int length, CancellationToken cancellationToken)
    {
        const string Wrap = "write the records as a list, [ … ], or one on each line";
        if (!IsWhole(length))
        {
            throw new SourceException(Name, _window.Line, $"the JSON object that starts here goes on over more than one line; {Wrap}");
        }

        while (_window.Bytes[length..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            if (!await _window.FillAsync(Math.Max(2 * _window.Bytes.Length, 1), cancellationToken).ConfigureAwait(false))
            {
                throw new SourceException(
                    Name,
                    _window.Line,
                    $"the file is a single JSON object; {Wrap}, and name the file .ndjson when this one object is all the records there are");
            }
        }
    }

    private bool IsWhole(int length)
    {
        try
        {
            return _record.TryScan(_window.Bytes[..length], isFinal: false);
        }
        catch (JsonException)
        {
            // A bad record, which is a reject like any other.
            return true;
        }
    }
}
