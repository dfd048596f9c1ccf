using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>Finds the pause that the body of a 429 asks for: a field such as <c>retry_after</c>, or «try again in 12 seconds».</summary>
internal static partial class BodyHint
{
    private const int DeepestObject = 4;
    private const int LongestText = 4096;
    private const double MostSeconds = 365 * 86400;

    internal static TimeSpan? Find(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (InField(document.RootElement, 0) is { } hint)
            {
                return hint;
            }
        }
        catch (JsonException)
        {
            // Plain text, or a page: its words may say it.
        }

        return InWords(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestText)]));
    }

    private static TimeSpan? InField(JsonElement element, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || depth > DeepestObject)
        {
            return null;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (UnitOf(property.Name) is { } unit && Number(property.Value) is { } number)
            {
                return Bounded(number * unit);
            }

            if (InField(property.Value, depth + 1) is { } hint)
            {
                return hint;
            }
        }

        return null;
    }

    // The length of the field's unit in seconds; null when the name means something else.
    private static double? UnitOf(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "RETRYAFTER" or "RETRYAFTERSECONDS" or "RETRYAFTERSECS" or "RETRYIN" or "RETRYINSECONDS" => 1,
        "RETRYAFTERMS" or "RETRYAFTERMILLISECONDS" or "RETRYAFTERMILLIS" => 0.001,
        _ => null,
    };

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static TimeSpan? InWords(string text)
    {
        var match = Pause().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return Bounded(number * match.Groups["unit"].Value.ToUpperInvariant() switch
        {
            ['H', ..] => 3600,
            "MS" or ['M', 'I', 'L', ..] => 0.001,
            ['M', ..] => 60,
            _ => 1,
        });
    }

    private static TimeSpan? Bounded(double seconds) => seconds is >= 0 and <= MostSeconds ? TimeSpan.FromSeconds(seconds) : null;

    [GeneratedRegex(
        @"\b(?:again|retry|wait|slow down)\b[^0-9]{0,30}?(?<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(?<unit>milliseconds?|millis|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pause();
}
