using System.Text;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>The body of <c>delete_data</c>: a list of keys.</summary>
public sealed class DeleteEnvelope : Envelope
{
    private static readonly byte[] OpeningBytes = Encoding.UTF8.GetBytes("{\"primary_keys\":[");

    /// <inheritdoc/>
    public override LoadOperation Operation => LoadOperation.Delete;

    /// <inheritdoc/>
    public override bool CarriesData => false;

    internal override ReadOnlyMemory<byte> Closing { get; } = Encoding.UTF8.GetBytes("]}");

    internal override ReadOnlyMemory<byte> Opening(bool completes) => OpeningBytes;

    internal override void OpenElement(ChunkBuffer body, RecordKey key) => body.Append(key.Json);

    internal override void CloseElement(ChunkBuffer body, int? timeToLiveSeconds)
    {
        // The key is all there is.
    }

    internal override Task<Exchange> SendAsync(
        DataConnectionsClient client,
        Guid connectionId,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken) => client.DeleteAsync(connectionId, body, meter, budget, cancellationToken);
}
