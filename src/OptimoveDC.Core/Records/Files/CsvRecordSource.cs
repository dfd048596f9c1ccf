using System.Globalization;
using System.Text;
using System.Text.Json;
using ICSharpCode.SharpZipLib;
using Sylvan.Data.Csv;

namespace OptimoveDC.Core.Records.Files;

/// <summary>The records of a CSV file (RFC 4180), plain or gzip, read in a stream.</summary>
public sealed class CsvRecordSource : IRecordSource
{
    private const int BufferSize = 1 << 16;

    // A quote left open would otherwise read the rest of the file into one field.
    private const int LongestRecord = 1 << 25;

    private readonly TextFile _file;
    private readonly CsvDataReader _reader;
    private readonly RecordField[] _columns;
    private readonly int _key;
    private readonly FileLayout _layout;
    private long _line;
    private long _nextLine;

    private CsvRecordSource(string path, TextFile file, CsvDataReader reader, FileLayout layout)
    {
        Name = path;
        _file = file;
        _reader = reader;
        _layout = layout;
        _nextLine = 1 + CsvLines.Count(reader.GetRawRecordSpan());
        (_columns, _key) = CsvHeader.Read(path, reader, layout);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? TotalBytes => _file.TotalBytes;

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">How its columns become fields.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SourceException">The file can't be read, or its header can't be used.</exception>
    public static async Task<CsvRecordSource> OpenAsync(string path, FileLayout layout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var file = await TextFile.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            var reader = CsvDataReader.Create(file.Reader, new CsvDataReaderOptions
            {
                // The header is read here, so that every fault of it has its own words.
                HasHeaders = false,
                Delimiter = ',',
                Culture = CultureInfo.InvariantCulture,
                BufferSize = BufferSize,
                MaxBufferSize = LongestRecord,
            });
            if (!await ReadRowAsync(path, reader, 1, cancellationToken).ConfigureAwait(false))
            {
                throw new SourceException(path, null, "it is empty; the first line must name the columns");
            }

            return new CsvRecordSource(path, file, reader, layout);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
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
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<bool> ReadRowAsync(string path, CsvDataReader reader, long line, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CsvInvalidCharacterException exception)
        {
            throw new SourceException(path, line, "a quoted field is not closed, or goes on after its closing quote; a quote within one is written twice", exception);
        }
        catch (CsvRecordTooLargeException exception)
        {
            throw new SourceException(path, line, $"the record that starts here is longer than {LongestRecord} characters; most often a quote was left open", exception);
        }
        catch (DecoderFallbackException exception)
        {
            throw new SourceException(path, line, "at or after this line are bytes that the file's encoding (UTF-8 without a byte-order mark) can't mean; save it as UTF-8", exception);
        }
        catch (Exception exception) when (exception is IOException or SharpZipBaseException or UnauthorizedAccessException)
        {
            throw new SourceException(path, line, $"the file can't be read further: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private void WriteRecord(RecordWriter writer)
    {
        writer.Begin(_line, input: null);
        if (_reader.RowFieldCount != _columns.Length)
        {
            writer.Reject($"the line has {_reader.RowFieldCount} fields, the header {_columns.Length}", ShowRow());
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
        return _columns[_key].Type == ColumnType.Number && !text.IsWhiteSpace() ? key.SetNumber(text) : key.SetText(text);
    }

    private string? WriteFields(Utf8JsonWriter json, RecordKey key)
    {
        json.WriteStartObject();
        for (var column = 0; column < _columns.Length; column++)
        {
            if (column == _key)
            {
                _columns[column].WriteKey(json, key);
            }
            else if (_columns[column].Write(json, _reader.GetFieldSpan(column), _layout.EmptyValue) is { } reason)
            {
                return reason;
            }
        }

        json.WriteEndObject();
        return null;
    }

    // For the eyes of whoever mends the row: its fields as text, those beyond the header with the names of their places.
    private string ShowRow()
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var field = 0; field < _reader.RowFieldCount; field++)
            {
                json.WriteString(field < _columns.Length ? _columns[field].Name : $"column {field + 1}", _reader.GetFieldSpan(field));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
