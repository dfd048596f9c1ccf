using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OptimoveDC.Emulator;

/// <summary>Reads JSON strictly: what a lenient parser lets pass would hide a client's mistake.</summary>
internal static class JsonContent
{
    /// <summary>Parses a body.</summary>
    /// <exception cref="Refusal">It is not UTF-8, or not JSON.</exception>
    public static JsonDocument Parse(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            throw Refusal.Content("The body is not valid UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw Refusal.Content($"The body is not valid JSON: {e.Message}");
        }
    }

    /// <summary>Checks that a body is an object whose own names differ; what is in it is left to others.</summary>
    /// <exception cref="Refusal">It is not.</exception>
    public static void RequireObject(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Content("The body must be a JSON object.");
        }

        if (DuplicateName(root) is { } name)
        {
            throw Refusal.Content($"The body has the property {name} twice.");
        }
    }

    /// <summary>The text of a property that must be a string with something in it.</summary>
    /// <exception cref="Refusal">It is not.</exception>
    public static string RequireText(JsonElement root, string name)
    {
        if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && Problem(value) is null
            && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        throw Refusal.Content($"{name} must be a string that is not empty.");
    }

    /// <summary>Reads a time to live in seconds; false when it is neither absent, null nor a positive integer.</summary>
    public static bool TryReadTimeToLive(JsonElement owner, string name, out int? seconds)
    {
        seconds = null;
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number <= 0)
        {
            return false;
        }

        seconds = number;
        return true;
    }

    /// <summary>What makes a value unfit to be stored, at any depth: a name that comes twice, or half a surrogate pair.</summary>
    /// <returns>A sentence part, or null for a sound value.</returns>
    public static string? Problem(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                if (DuplicateName(value) is { } name)
                {
                    return $"has the property {name} twice";
                }

                foreach (var property in value.EnumerateObject())
                {
                    if (Problem(property.Value) is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (Problem(item) is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            case JsonValueKind.String:
                return HasBrokenEscape(value) ? "holds text that is not valid Unicode" : null;
            default:
                return null;
        }
    }

    private static bool HasBrokenEscape(JsonElement text)
    {
        if (JsonMarshal.GetRawUtf8Value(text).IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        try
        {
            text.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static string? DuplicateName(JsonElement value)
    {
        // Hashes first: comparing the names of thousands of records as strings would cost a string each.
        Span<ulong> few = stackalloc ulong[32];
        var count = value.GetPropertyCount();
        var hashes = count <= few.Length ? few[..count] : new ulong[count];
        var i = 0;
        foreach (var property in value.EnumerateObject())
        {
            hashes[i++] = Hash(property);
        }

        if (count > few.Length)
        {
            hashes.Sort();
        }

        for (i = 1; i < count; i++)
        {
            var suspect = count > few.Length ? hashes[i] == hashes[i - 1] : hashes[..i].Contains(hashes[i]);
            if (suspect)
            {
                return DuplicateNameExactly(value);
            }
        }

        return null;
    }

    private static ulong Hash(JsonProperty property)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(property);
        if (name.Contains((byte)'\\'))
        {
            name = Encoding.UTF8.GetBytes(NameOf(property));
        }

        // FNV-1a
        var hash = 14695981039346656037UL;
        foreach (var b in name)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }

    private static string? DuplicateNameExactly(JsonElement value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var name = NameOf(property);
            if (!seen.Add(name))
            {
                return name;
            }
        }

        return null;
    }

    // A name with half a surrogate pair has no text; its raw form still tells it apart.
    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }
}
