using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Api;

/// <summary>
/// The body of an answer. Its shape is not documented for errors, so whatever is there is read: JSON in the
/// shapes seen so far, plain text, a proxy's HTML, or nothing.
/// </summary>
public sealed class ReplyBody
{
    private const int LongestMessage = 2000;

    private readonly ReadOnlyMemory<byte> _utf8;

    private ReplyBody(ReadOnlyMemory<byte> utf8 = default) => _utf8 = utf8;

    /// <summary>A body with nothing in it.</summary>
    public static ReplyBody Empty { get; } = new();

    /// <summary>What the service says, in its own words; null when it says nothing.</summary>
    public string? Message { get; private init; }

    /// <summary>The text of <c>status</c>, where there is one.</summary>
    public string? Status { get; private init; }

    /// <summary>The identifier of the request, where the body has one.</summary>
    public string? RequestId { get; private init; }

    /// <summary>The identifier of a created connection, where there is one.</summary>
    public Guid? DataConnectionId { get; private init; }

    /// <summary>How many records the service says it has worked on; null when it doesn't say.</summary>
    public long? RecordCount { get; private init; }

    /// <summary>The records that the body names; read when asked for, since only a refusal is asked.</summary>
    public NamedRecords FindNamedRecords() => NamedRecords.Read(_utf8);

    /// <summary>True when <c>status</c> says that the request failed, whatever the HTTP status.</summary>
    public bool SaysFailure => Status is { } status
        && (status.Equals("error", StringComparison.OrdinalIgnoreCase) || status.StartsWith("fail", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a body. It never throws: what can't be parsed is kept as text.</summary>
    /// <param name="utf8">The body's bytes, possibly cut short.</param>
    /// <param name="redact">Takes secrets out of a text.</param>
    public static ReplyBody Parse(ReadOnlyMemory<byte> utf8, Func<string, string> redact)
    {
        ArgumentNullException.ThrowIfNull(redact);
        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (utf8.Span.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return Empty;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8);
            return FromJson(document.RootElement, utf8, redact);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or JSON whose strings are no text: another encoding, half a character.
            return new ReplyBody { Message = Shorten(redact(PlainText.FromMarkup(Encoding.UTF8.GetString(utf8.Span)))) };
        }
    }

    private static ReplyBody FromJson(JsonElement root, ReadOnlyMemory<byte> utf8, Func<string, string> redact)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new ReplyBody(utf8) { Message = Shorten(redact(root.ToString())) };
        }

        var message = ReplyMessage.Compose(root);
        return new ReplyBody(utf8)
        {
            Message = message is null ? null : Shorten(redact(message)),
            Status = root.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? status.GetString() : null,
            RequestId = FindRequestId(root) is { } id ? redact(id) : null,
            DataConnectionId = FindGuid(root, "data_connection_uuid"),
            RecordCount = FindRecordCount(root),
        };
    }

    private static string? FindRequestId(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is "requestId" or "request_id" && property.Value.ValueKind == JsonValueKind.String)
            {
                return property.Value.GetString();
            }

            if (property.Name == "error" && property.Value.ValueKind == JsonValueKind.Object && FindRequestId(property.Value) is { } nested)
            {
                return nested;
            }
        }

        return null;
    }

    private static Guid? FindGuid(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Guid.TryParse(value.GetString(), out var id) ? id : null;

    // The guide has updated_records and deleted_records; the upload's own name is not documented.
    private static long? FindRecordCount(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name.EndsWith("_records", StringComparison.Ordinal)
                && property.Value.ValueKind == JsonValueKind.Number
                && property.Value.TryGetInt64(out var count))
            {
                return count;
            }
        }

        return null;
    }

    private static string? Shorten(string text)
    {
        text = text.Trim();
        return text.Length switch
        {
            0 => null,
            > LongestMessage => string.Concat(text.AsSpan(0, LongestMessage), "…"),
            _ => text,
        };
    }
}
