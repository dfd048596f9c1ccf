using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Core.Records;

/// <summary>What a record looks like without what it says: names of fields, kinds and sizes of values, and never a value.</summary>
internal static class RecordShape
{
    private const int MostFields = 50;
    private const int Deepest = 4;

    /// <summary>Describes one JSON value.</summary>
    /// <param name="json">The value as it is sent.</param>
    internal static string Describe(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        reader.Read();
        Append(text, ref reader);
        return string.Create(CultureInfo.InvariantCulture, $"{text}, {json.Length} bytes");
    }

    private static void Append(StringBuilder text, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when reader.CurrentDepth < Deepest:
                AppendFields(text, ref reader);
                break;
            case JsonTokenType.StartObject:
                reader.Skip();
                text.Append("object");
                break;
            case JsonTokenType.StartArray:
                AppendItems(text, ref reader);
                break;
            case JsonTokenType.String:
                text.Append(CultureInfo.InvariantCulture, $"text({reader.ValueSpan.Length})");
                break;
            case JsonTokenType.Number:
                text.Append(CultureInfo.InvariantCulture, $"number({reader.ValueSpan.Length})");
                break;
            case JsonTokenType.True or JsonTokenType.False:
                text.Append("boolean");
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void AppendFields(StringBuilder text, ref Utf8JsonReader reader)
    {
        text.Append("{ ");
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString();
            reader.Read();
            if (++count > MostFields)
            {
                reader.Skip();
                continue;
            }

            text.Append(count > 1 ? ", " : "").Append(name).Append(": ");
            Append(text, ref reader);
        }

        text.Append(count > MostFields ? $", and {count - MostFields} more }}" : count > 0 ? " }" : "}");
    }

    // All items of a list are alike, as a rule: the first stands for them.
    private static void AppendItems(StringBuilder text, ref Utf8JsonReader reader)
    {
        var first = new StringBuilder();
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count == 1 && reader.TokenType != JsonTokenType.StartArray)
            {
                Append(first, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"list({count})").Append(first.Length > 0 ? " of " : "").Append(first);
    }
}
