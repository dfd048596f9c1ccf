using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ICSharpCode.SharpZipLib;
using OptimoveDC.Core.Records.Columns;
using OptimoveDC.Core.Records.Files.Csv;

namespace OptimoveDC.Core.Records.Files;

/// <summary>The records of a file of delimited text such as CSV (RFC 4180), plain or gzip, read in a stream.</summary>
public sealed class CsvRecordSource : IRecordSource
{
    private readonly TextFile _file;
    private readonly Utf8CsvReader _reader;
    private readonly RecordField?[] _columns;
    private readonly int _key;
    private readonly FileLayout _layout;
    private readonly RecordBuffer _record = new();

    private CsvRecordSource(TextFile file, Utf8CsvReader reader, FileLayout layout)
    {
        Name = file.Path;
        _file = file;
        _reader = reader;
        _layout = layout;
        (_columns, _key) = HeaderColumns.Select(file.Path, reader.Line, ReadNames(file, reader), layout);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? TotalBytes => _file.TotalBytes;

    /// <inheritdoc/>
    public long BytesRead => _file.BytesRead;

    /// <inheritdoc/>
    public IReadOnlyList<string> FieldNames => [.. _columns.Where(column => column is not null).Select(column => column!.Name)];

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

        // Without a longest record, a quote left open would read the rest of the file into one field.
        var reader = new Utf8CsvReader(file.Utf8, delimiter, separatorLine.Length > 0 ? 2 : 1, RecordText.Longest);
        try
        {
            await file.Utf8.ReadExactlyAsync(new byte[Encoding.UTF8.GetByteCount(separatorLine)], cancellationToken).ConfigureAwait(false);
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? new CsvRecordSource(file, reader, layout)
                : throw new SourceException(file.Path, null, "it is empty; the first line must name the columns");
        }
        catch (Exception exception)
        {
            reader.Dispose();
            if (Explain(file.Path, reader, exception) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ValueTask<bool> reading;
        try
        {
            reading = _reader.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (Explain(Name, _reader, exception) is { } refusal)
        {
            throw refusal;
        }

        if (!reading.IsCompletedSuccessfully)
        {
            return ReadOnAsync(reading, writer);
        }

        var found = reading.Result;
        if (found)
        {
            WriteRecord(writer);
        }

        return ValueTask.FromResult(found);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    // Where the next row isn't in the reader's buffer yet.
    private async ValueTask<bool> ReadOnAsync(ValueTask<bool> reading, RecordWriter writer)
    {
        try
        {
            if (!await reading.ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (Exception exception) when (Explain(Name, _reader, exception) is { } refusal)
        {
            throw refusal;
        }

        WriteRecord(writer);
        return true;
    }

    private static SourceException? Explain(string path, Utf8CsvReader reader, Exception exception) => exception switch
    {
        CsvException fault => new(path, fault.Line, Describe(fault.Fault), exception),
        UndecodableTextException undecodable => new(path, undecodable.Line, undecodable.Reason, exception),
        IOException or SharpZipBaseException or UnauthorizedAccessException =>
            new(path, reader.Line, $"the file can't be read further: {exception.Message.TrimEnd('.')}", exception),
        _ => null,
    };

    private static string Describe(CsvFault fault) => fault switch
    {
        CsvFault.QuoteLeftOpen => "a quoted field is not closed",
        CsvFault.TextAfterQuote => "a quoted field goes on after its closing quote; a quote within one is written twice",
        _ => $"the record that starts here is longer than {RecordText.Longest} bytes; most often a quote was left open",
    };

    private static string[] ReadNames(TextFile file, Utf8CsvReader reader)
    {
        var names = new string[reader.FieldCount];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = Encoding.UTF8.GetString(reader[column]);
            if (names[column].Contains('\0'))
            {
                throw new SourceException(file.Path, reader.Line, FileContent.LooksLikeUtf16(file.Head.Span)
                    ? "the header has NUL characters, as UTF-16 without a byte-order mark has when it is read as something else; try -Encoding utf-16, or utf-16BE"
                    : "the header has NUL characters; the file is no text");
            }
        }

        return names;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRecord(RecordWriter writer)
    {
        writer.Begin(_reader.Line);
        if (_reader.FieldCount != _columns.Length)
        {
            writer.Reject($"the line has {_reader.FieldCount} fields, the header {_columns.Length}", ShowRow(), RecordFault.Ragged);
            return;
        }

        if (writer.Key.SetUtf8(_reader[_key], isNumber: _columns[_key]!.Type == ColumnType.Number) is { } keyReason)
        {
            writer.Reject(keyReason, ShowRow());
            return;
        }

        if (writer.NeedsData && Assemble(writer.Key) is { } reason)
        {
            writer.Reject(reason, ShowRow());
            return;
        }

        writer.WriteData(_record.Bytes);
        writer.Commit();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private string? Assemble(RecordKey key)
    {
        _record.Open();
        for (var column = 0; column < _columns.Length; column++)
        {
            if (_columns[column] is not { } field)
            {
                continue;
            }

            if (column == _key)
            {
                field.AppendKey(_record, key);
            }
            else if (field.Append(_record, _reader[column], _layout.EmptyValue) is { } reason)
            {
                return reason;
            }
        }

        _record.Close();
        return null;
    }

    // For whoever mends the row: its fields under the names they are sent under, those beyond the header by their places.
    private string ShowRow()
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (var field = 0; field < _reader.FieldCount; field++)
            {
                if (field >= _columns.Length)
                {
                    json.WriteString($"column {field + 1}", _reader[field]);
                }
                else if (_columns[field] is { } column)
                {
                    json.WriteString(column.Name, _reader[field]);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
