namespace OptimoveDC.Core.Records;

/// <summary>Where records come from: one side of the loading engine.</summary>
public interface IRecordSource : IAsyncDisposable
{
    /// <summary>Its name, for results and messages: the path of a file.</summary>
    string Name { get; }

    /// <summary>Its size in bytes as it lies on disk; null when that can't be known.</summary>
    long? TotalBytes { get; }

    /// <summary>How many of those bytes have been read.</summary>
    long BytesRead { get; }

    /// <summary>Reads one record into the writer: it ends in a commit or a rejection.</summary>
    /// <param name="writer">Takes the record.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>False at the end of the source.</returns>
    /// <exception cref="SourceException">The source can't be read further.</exception>
    ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken);

    /// <summary>The fields that are sent: all, where a header names them before the first record; else those seen so far.</summary>
    IReadOnlyList<string> FieldNames { get; }

    /// <summary>What the user should know once the source has been read to its end, and that stops nothing.</summary>
    IReadOnlyList<string> Remarks => [];
}
