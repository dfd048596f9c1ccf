using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>JSON in a plain form in which what means the same is spelt the same, and numbers keep their digits.</summary>
internal static class PlainJson
{
    /// <summary>The plain form of a value.</summary>
    /// <exception cref="InvalidOperationException">A text in it has half a character.</exception>
    internal static string Of(JsonElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return text.ToString();
    }

    internal static string OfText(string value) => JsonSerializer.Serialize(value);

    /// <summary>Whether an object somewhere in a value has a name twice.</summary>
    internal static bool HasNameTwice(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(field => field.Name, StringComparer.Ordinal).Any(group => group.Count() > 1)
            || element.EnumerateObject().Any(field => HasNameTwice(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasNameTwice),
        _ => false,
    };

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var field in element.EnumerateObject())
                {
                    text.Append(OfText(field.Name)).Append(':');
                    Append(text, field.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append(OfText(element.GetString()!));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }
}
