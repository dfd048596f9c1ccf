using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Api;

/// <summary>
/// The records that the body of a refusal points at by structure: JSON values that may be keys, the last part of a
/// <c>field</c> path, the index in a <c>loc</c>. Words of a message never count, so that a sentence can't condemn a record.
/// </summary>
/// <remarks>No more than a hint: whoever acts on it asks again about the named records alone.</remarks>
public sealed class NamedRecords
{
    private const int DeepestBody = 16;
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "message", "msg", "error", "title", "description", "reason", "type", "code", "status", "statusCode", "status_code",
        "timestamp", "path", "method", "url", "ctx", "input", "hint", "requestId", "request_id", "traceId", "trace_id",
    };

    // Numbers under these names say where or how often, not who.
    private static readonly HashSet<string> Places = new(StringComparer.OrdinalIgnoreCase)
    {
        "line", "lines", "row", "rows", "index", "indexes", "indices", "position", "positions", "offset", "offsets",
    };

    private readonly HashSet<ulong> _keys = [];
    private readonly HashSet<string> _spellings = new(StringComparer.Ordinal);
    private readonly HashSet<int> _indexes = [];

    private NamedRecords()
    {
    }

    /// <summary>True when the body names nothing.</summary>
    public bool IsEmpty => _keys.Count == 0 && _indexes.Count == 0;

    /// <summary>Reads a body.</summary>
    /// <param name="utf8">Its bytes; what is no JSON names nothing.</param>
    internal static NamedRecords Read(ReadOnlyMemory<byte> utf8)
    {
        var named = new NamedRecords();
        try
        {
            using var document = JsonDocument.Parse(utf8);
            named.Collect(document.RootElement, depth: 0);
            return named;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text, cut short, or with strings that are no text: it names nothing that could be relied on.
            return new NamedRecords();
        }
    }

    /// <summary>Whether a record of the refused request is named, by its place or by its key as it was sent.</summary>
    /// <param name="index">Its place in the request, from 0.</param>
    /// <param name="keyJson">Its key as JSON.</param>
    internal bool Contains(int index, ReadOnlySpan<byte> keyJson) =>
        _indexes.Contains(index) || (_spellings.Count > 0 && _spellings.Contains(Encoding.UTF8.GetString(keyJson)));

    /// <summary>Whether a key is named that may be the same to the service: as a text where a number was sent, say.</summary>
    /// <param name="keyHash">The <see cref="RecordKey.WaitHash"/> of the key.</param>
    internal bool ContainsLike(ulong keyHash) => _keys.Contains(keyHash);

    private void Collect(JsonElement element, int depth)
    {
        if (depth > DeepestBody)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    CollectProperty(property, depth);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, depth + 1);
                }

                break;
            case JsonValueKind.String:
                AddText(element.GetString()!);
                break;
            case JsonValueKind.Number:
                AddKey(element.GetRawText(), element.GetRawText());
                break;
            default:
                break;
        }
    }

    private void CollectProperty(JsonProperty property, int depth)
    {
        if (property.NameEquals("loc"u8))
        {
            AddLocation(property.Value);
        }
        else if (property.NameEquals("field"u8) || property.NameEquals("path"u8))
        {
            AddLastPart(property.Value);
        }
        else if (MayName(property.Name, property.Value.ValueKind))
        {
            // «details» may be a sentence as well as a list: a sentence is no key of ours, and costs one look-up.
            Collect(property.Value, depth + 1);
        }
    }

    // A number by itself is mostly a count, and counts come again with every answer: asking once more would confirm them.
    private static bool MayName(string name, JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => true,
        JsonValueKind.Array => !Places.Contains(name),
        JsonValueKind.Number => !Words.Contains(name)
            && (name.EndsWith("key", StringComparison.OrdinalIgnoreCase) || name.EndsWith("id", StringComparison.OrdinalIgnoreCase)),
        _ => !Words.Contains(name) && !Places.Contains(name),
    };

    // ["body", "data", 3, "user_id"]: the first number is the place of the record, later ones lie within it.
    private void AddLocation(JsonElement location)
    {
        if (location.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var part in location.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Number && part.TryGetInt32(out var index))
            {
                _indexes.Add(index);
                return;
            }
        }
    }

    private void AddLastPart(JsonElement path)
    {
        if (path.ValueKind == JsonValueKind.String)
        {
            var text = path.GetString()!;
            AddText(text[(text.LastIndexOfAny(['.', '/', '[']) + 1)..].TrimEnd(']').Trim('"', '\''));
        }
    }

    private void AddText(string text) => AddKey(text, $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    private void AddKey(string text, string spelling)
    {
        if (text.Length > 0)
        {
            _keys.Add(RecordKey.HashOf(text));
            _spellings.Add(spelling);
        }
    }
}
