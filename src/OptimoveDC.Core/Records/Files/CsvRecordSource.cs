using System.Globalization;
using System.Text;
using System.Text.Json;
using ICSharpCode.SharpZipLib;
using OptimoveDC.Core.Records.Columns;
using Sylvan.Data.Csv;

namespace OptimoveDC.Core.Records.Files;

/// <summary>The records of a CSV file (RFC 4180), plain or gzip, read in a stream.</summary>
public sealed class CsvRecordSource : IRecordSource
{
    private const int BufferSize = 1 << 16;

    // A quote left open would otherwise read the rest of the file into one field.
    private const int LongestRecord = 1 << 25;

    private readonly TextFile _file;
    private readonly StrictReader _text;
    private readonly CsvDataReader _reader;
    private readonly RecordField?[] _columns;
    private readonly int _key;
    private readonly FileLayout _layout;
    private long _line;
    private long _nextLine;

    private CsvRecordSource(TextFile file, StrictReader text, CsvDataReader reader, FileLayout layout, long headerLine)
    {
        Name = file.Path;
        _file = file;
        _text = text;
        _reader = reader;
        _layout = layout;
        _nextLine = headerLine + CsvLines.Count(reader.GetRawRecordSpan());
        (_columns, _key) = HeaderColumns.Select(file.Path, headerLine, ReadNames(file, reader, headerLine), layout);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? TotalBytes => _file.TotalBytes;

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">How its columns become fields; a comma stands between them unless it says otherwise.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SourceException">The file can't be read, or its header can't be used.</exception>
    public static async Task<CsvRecordSource> OpenAsync(string path, FileLayout layout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var file = await TextFile.OpenAsync(path, layout.Encoding, cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenAsync(file, layout.Delimiter ?? ',', layout, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static async Task<CsvRecordSource> OpenAsync(TextFile file, char delimiter, FileLayout layout, CancellationToken cancellationToken)
    {
        var separatorLine = FileContent.SeparatorLineOf(file);
        await file.Content.ReadExactlyAsync(new byte[file.Encoding.GetByteCount(separatorLine)], cancellationToken).ConfigureAwait(false);
        var line = separatorLine.Length > 0 ? 2 : 1;
        var text = new StrictReader(file.Content, file.Encoding, line);
        try
        {
            var reader = await CsvDataReader.CreateAsync(text, new CsvDataReaderOptions
            {
                // The header is read here, so that every fault of it has its own words.
                HasHeaders = false,
                Delimiter = delimiter,
                Culture = CultureInfo.InvariantCulture,
                BufferSize = BufferSize,
                MaxBufferSize = LongestRecord,
            }, cancellationToken).ConfigureAwait(false);
            if (!await ReadRowAsync(file.Path, reader, line, cancellationToken).ConfigureAwait(false))
            {
                throw new SourceException(file.Path, null, "it is empty; the first line must name the columns");
            }

            return new CsvRecordSource(file, text, reader, layout, line);
        }
        catch (Exception exception) when (Explain(file.Path, line, exception) is { } refusal)
        {
            text.Dispose();
            throw refusal;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        do
        {
            _line = _nextLine;
            if (!await ReadRowAsync(Name, _reader, _line, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            _nextLine += CsvLines.Count(_reader.GetRawRecordSpan());
        }
        while (CsvLines.IsBlank(_reader.GetRawRecordSpan()));

        WriteRecord(writer);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        _text.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<bool> ReadRowAsync(string path, CsvDataReader reader, long line, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Explain(path, line, exception) is { } refusal)
        {
            throw refusal;
        }
    }

    private static SourceException? Explain(string path, long line, Exception exception) => exception switch
    {
        CsvInvalidCharacterException => new(path, line, "a quoted field is not closed, or goes on after its closing quote; a quote within one is written twice", exception),
        CsvRecordTooLargeException => new(path, line, $"the record that starts here is longer than {LongestRecord} characters; most often a quote was left open", exception),
        UndecodableTextException undecodable => new(path, undecodable.Line ?? line, undecodable.Reason, exception),
        IOException or SharpZipBaseException or UnauthorizedAccessException =>
            new(path, line, $"the file can't be read further: {exception.Message.TrimEnd('.')}", exception),
        _ => null,
    };

    private static string[] ReadNames(TextFile file, CsvDataReader reader, long line)
    {
        var names = new string[reader.RowFieldCount];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = reader.GetString(column);
            if (names[column].Contains('\0'))
            {
                throw new SourceException(file.Path, line, FileContent.LooksLikeUtf16(file.Head.Span)
                    ? "the header has NUL characters, as UTF-16 without a byte-order mark has when it is read as something else; try -Encoding utf-16, or utf-16BE"
                    : "the header has NUL characters; the file is no text");
            }
        }

        return names;
    }

    private void WriteRecord(RecordWriter writer)
    {
        writer.Begin(_line, input: null);
        if (_reader.RowFieldCount != _columns.Length)
        {
            writer.Reject($"the line has {_reader.RowFieldCount} fields, the header {_columns.Length}", ShowRow(), RecordFault.Ragged);
            return;
        }

        if (SetKey(writer.Key) is { } keyReason)
        {
            writer.Reject(keyReason, ShowRow());
            return;
        }

        var json = writer.OpenData();
        if (writer.NeedsData && WriteFields(json, writer.Key) is { } reason)
        {
            writer.Reject(reason, ShowRow());
            return;
        }

        writer.Commit();
    }

    private string? SetKey(RecordKey key)
    {
        var text = _reader.GetFieldSpan(_key);
        return _columns[_key]!.Type == ColumnType.Number && !text.IsWhiteSpace() ? key.SetNumber(text) : key.SetText(text);
    }

    private string? WriteFields(Utf8JsonWriter json, RecordKey key)
    {
        json.WriteStartObject();
        for (var column = 0; column < _columns.Length; column++)
        {
            if (_columns[column] is not { } field)
            {
                continue;
            }

            if (column == _key)
            {
                field.WriteKey(json, key);
            }
            else if (field.Write(json, _reader.GetFieldSpan(column), _layout.EmptyValue) is { } reason)
            {
                return reason;
            }
        }

        json.WriteEndObject();
        return null;
    }

    // For whoever mends the row: its fields under the names they are sent under, those beyond the header by their places.
    private string ShowRow()
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var field = 0; field < _reader.RowFieldCount; field++)
            {
                if (field >= _columns.Length)
                {
                    json.WriteString($"column {field + 1}", _reader.GetFieldSpan(field));
                }
                else if (_columns[field] is { } column)
                {
                    json.WriteString(column.Name, _reader.GetFieldSpan(field));
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
