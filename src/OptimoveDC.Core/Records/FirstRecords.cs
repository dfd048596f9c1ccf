namespace OptimoveDC.Core.Records;

/// <summary>The first records of a source, for a trial; what follows them is not looked at.</summary>
internal sealed class FirstRecords(IRecordSource source, long count) : IRecordSource
{
    private long _left = count;

    public string Name => source.Name;

    public long? TotalBytes => source.TotalBytes;

    public long BytesRead => source.BytesRead;

    public IReadOnlyList<string> FieldNames => source.FieldNames;

    // A column that the first records lack may be in the next one.
    public IReadOnlyList<string> Remarks => [];

    public ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken) =>
        _left-- > 0 ? source.ReadAsync(writer, cancellationToken) : ValueTask.FromResult(false);

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
