using System.Text.Json;

namespace OptimoveDC.Core.Api;

/// <summary>Puts the words of an error body together, whichever of the known shapes it has.</summary>
internal static class ReplyMessage
{
    private static readonly string[] Fields = ["error", "code", "title", "message", "msg", "detail", "details", "description", "errors"];

    internal static string? Compose(JsonElement root)
    {
        var parts = new List<string>();
        Collect(root, parts, depth: 0);
        return parts.Count == 0 ? null : string.Join(": ", parts.Distinct(StringComparer.Ordinal));
    }

    private static void Collect(JsonElement element, List<string> parts, int depth)
    {
        // Deep enough for every shape seen, shallow enough for a body made to be hostile.
        if (depth > 4)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Add(parts, element.GetString());
                break;
            case JsonValueKind.Array:
                CollectItems(element, parts, depth);
                break;
            case JsonValueKind.Object when element.TryGetProperty("loc", out var location) && element.TryGetProperty("msg", out var text):
                Add(parts, $"{Path(location)}: {text}");
                break;
            case JsonValueKind.Object:
                var before = parts.Count;
                foreach (var name in Fields)
                {
                    if (element.TryGetProperty(name, out var value))
                    {
                        Collect(value, parts, depth + 1);
                    }
                }

                if (depth > 0 && parts.Count == before)
                {
                    Add(parts, element.GetRawText());
                }

                break;
            default:
                break;
        }
    }

    private static void CollectItems(JsonElement array, List<string> parts, int depth)
    {
        const int MostItems = 5;
        foreach (var item in array.EnumerateArray().Take(MostItems))
        {
            Collect(item, parts, depth + 1);
        }

        if (array.GetArrayLength() is > MostItems and var count)
        {
            Add(parts, $"and {count - MostItems} more");
        }
    }

    private static string Path(JsonElement location) =>
        location.ValueKind == JsonValueKind.Array ? string.Join('.', location.EnumerateArray()) : location.ToString();

    private static void Add(List<string> parts, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            parts.Add(text.Trim());
        }
    }
}
