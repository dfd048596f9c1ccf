using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>A source that takes a while for every record.</summary>
internal sealed class SlowSource(IRecordSource source, TimeSpan delay, TimeProvider time) : IRecordSource
{
    public string Name => source.Name;

    public long? TotalBytes => source.TotalBytes;

    public long BytesRead => source.BytesRead;

    public async ValueTask<bool> ReadAsync(RecordWriter writer, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken);
        return await source.ReadAsync(writer, cancellationToken);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
