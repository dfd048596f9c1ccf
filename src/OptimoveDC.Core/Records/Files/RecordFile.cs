using OptimoveDC.Core.Records.Files.Json;

namespace OptimoveDC.Core.Records.Files;

/// <summary>Opens files of records: CSV and other delimited text, JSON arrays and NDJSON, each plain or gzip.</summary>
public static class RecordFile
{
    /// <summary>Opens a file as what its name and its content say it is.</summary>
    /// <param name="path">The file; it need not be seekable, so a named pipe will do.</param>
    /// <param name="layout">How it is read, and how its columns become fields.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SourceException">The file can't be read, or not as that.</exception>
    public static async Task<IRecordSource> OpenAsync(string path, FileLayout layout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var file = await TextFile.OpenAsync(path, layout.Encoding, cancellationToken).ConfigureAwait(false);
        try
        {
            var (format, delimiter) = FileContent.Recognise(file, layout.Delimiter);
            IRecordSource source = format switch
            {
                FileFormat.JsonArray => new JsonArraySource(file, layout),
                FileFormat.JsonLines => new JsonLinesSource(file, layout),
                _ => await CsvRecordSource.OpenAsync(file, delimiter, layout, cancellationToken).ConfigureAwait(false),
            };
            return layout.First is { } first ? new FirstRecords(source, first) : source;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
