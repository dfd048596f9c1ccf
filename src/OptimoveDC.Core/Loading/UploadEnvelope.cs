using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>The body of <c>upload_data</c>: whole records, one time-to-live for all, one batch.</summary>
public sealed class UploadEnvelope : Envelope
{
    private readonly byte[] _openingOfPart;
    private readonly byte[] _openingOfLast;

    /// <summary>Writes the head of every request of a batch once.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="timeToLiveSeconds">After how many seconds the records expire; null for never.</param>
    public UploadEnvelope(Guid batchId, int? timeToLiveSeconds)
    {
        _openingOfPart = WriteHead(new UploadHead(timeToLiveSeconds, batchId, IsBatchCompleted: false));
        _openingOfLast = WriteHead(new UploadHead(timeToLiveSeconds, batchId, IsBatchCompleted: true));
    }

    /// <inheritdoc/>
    public override LoadOperation Operation => LoadOperation.Upload;

    internal override ReadOnlyMemory<byte> Closing { get; } = Encoding.UTF8.GetBytes("]}");

    internal override ReadOnlyMemory<byte> Opening(bool completes) => completes ? _openingOfLast : _openingOfPart;

    internal override void OpenElement(ChunkBuffer body, RecordKey key)
    {
        // The element is the record itself.
    }

    internal override void CloseElement(ChunkBuffer body, int? timeToLiveSeconds)
    {
        // The time-to-live stands in the head.
    }

    internal override Task<Exchange> SendAsync(
        DataConnectionsClient client,
        Guid connectionId,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken) => client.UploadAsync(connectionId, body, meter, budget, cancellationToken);

    // The head is an object of its own; the list of records takes the place of its closing brace.
    private static byte[] WriteHead(UploadHead head) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(head, ApiJson.Default.UploadHead).AsSpan()[..^1], .. ",\"data\":["u8];
}
