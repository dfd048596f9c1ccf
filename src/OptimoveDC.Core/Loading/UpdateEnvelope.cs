using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>The body of <c>update_data</c>: a list of keys, each with its new data and its time-to-live.</summary>
public sealed class UpdateEnvelope : Envelope
{
    private static readonly JsonEncodedText PrimaryKey = JsonEncodedText.Encode("primary_key");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText TimeToLive = JsonEncodedText.Encode("ttl");
    private static readonly byte[] OpeningBytes = Encoding.UTF8.GetBytes("[");

    /// <inheritdoc/>
    public override LoadOperation Operation => LoadOperation.Update;

    internal override ReadOnlyMemory<byte> Closing { get; } = Encoding.UTF8.GetBytes("]");

    internal override ReadOnlyMemory<byte> Opening(bool completes) => OpeningBytes;

    internal override void OpenElement(Utf8JsonWriter writer, RecordKey key)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(PrimaryKey);
        writer.WriteRawValue(key.Json, skipInputValidation: true);
        writer.WritePropertyName(Data);
    }

    internal override void CloseElement(Utf8JsonWriter writer, int? timeToLiveSeconds)
    {
        if (timeToLiveSeconds is { } seconds)
        {
            writer.WriteNumber(TimeToLive, seconds);
        }
        else
        {
            writer.WriteNull(TimeToLive);
        }

        writer.WriteEndObject();
    }

    internal override Task<Exchange> SendAsync(
        DataConnectionsClient client,
        Guid connectionId,
        IRequestBody body,
        RequestMeter meter,
        RetryBudget budget,
        CancellationToken cancellationToken) => client.UpdateAsync(connectionId, body, meter, budget, cancellationToken);
}
