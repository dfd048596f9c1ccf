using System.Text.Json.Serialization;

namespace OptimoveDC.Core.Api;

/// <summary>The body of <c>POST /connections</c>.</summary>
internal sealed record CreateConnectionRequest(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("primary_key")] string PrimaryKey,
    [property: JsonPropertyName("description")] string Description);

/// <summary>What stands beside <c>data</c> in the body of <c>upload_data</c>.</summary>
internal sealed record UploadHead(
    [property: JsonPropertyName("ttl_seconds")] int? TimeToLiveSeconds,
    [property: JsonPropertyName("batch_uuid")] Guid BatchId,
    [property: JsonPropertyName("batch_completed")] bool IsBatchCompleted);

/// <summary>Writes the small parts of bodies without reflection; records never pass through here.</summary>
[JsonSerializable(typeof(CreateConnectionRequest))]
[JsonSerializable(typeof(UploadHead))]
internal sealed partial class ApiJson : JsonSerializerContext;
