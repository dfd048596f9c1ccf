using System.Globalization;
using System.Text;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>The body of <c>update_data</c>: a list of keys, each with its new data and its time-to-live.</summary>
public sealed class UpdateEnvelope : Envelope
{
    // Of any 32-bit number, with its sign.
    private const int MostDigits = 11;
    private static readonly byte[] OpeningBytes = Encoding.UTF8.GetBytes("[");

    /// <inheritdoc/>
    public override LoadOperation Operation => LoadOperation.Update;

    internal override ReadOnlyMemory<byte> Closing { get; } = Encoding.UTF8.GetBytes("]");

    internal override ReadOnlyMemory<byte> Opening(bool completes) => OpeningBytes;

    internal override void OpenElement(ChunkBuffer body, RecordKey key)
    {
        body.Append("{\"primary_key\":"u8);
        body.Append(key.Json);
        body.Append(",\"data\":"u8);
    }

    internal override void CloseElement(ChunkBuffer body, int? timeToLiveSeconds)
    {
        body.Append(",\"ttl\":"u8);
        if (timeToLiveSeconds is { } seconds)
        {
            Span<byte> digits = stackalloc byte[MostDigits];
            _ = seconds.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            body.Append(digits[..length]);
        }
        else
        {
            body.Append("null"u8);
        }

        body.Append((byte)'}');
    }

    internal override Task<Exchange> SendAsync(
        DataConnectionsClient client,
        Guid connectionId,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken) => client.UpdateAsync(connectionId, body, meter, budget, cancellationToken);
}
