using System.Text;

namespace OptimoveDC.Emulator;

/// <summary>What goes back to the client.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type; null where there is no body.</param>
/// <param name="Body">The body, possibly empty.</param>
internal sealed record Answer(int Status, string? ContentType, byte[] Body)
{
    /// <summary>The media type of everything the service itself answers.</summary>
    public const string Json = "application/json";

    /// <summary>Headers besides the media type, the later of one name winning.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Answer Ok(string json) => new(200, Json, Encoding.UTF8.GetBytes(json));

    public static Answer Nothing(int status) => new(status, null, []);
}
