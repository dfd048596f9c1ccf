using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OptimoveDC.Core.Http.Rate;

/// <summary>What an answer says about the service's limit on requests.</summary>
internal sealed record RateSignals
{
    // Below this a reset is no moment since 1970 but a number of seconds: some services mean it so.
    private const double FirstUnixSecond = 100_000_000;
    private const double LastUnixSecond = 253402300799;

    // Seconds are rounded up; of a date, both it and the date it is read against are cut to whole seconds.
    private static readonly TimeSpan RoundingOfSeconds = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundingOfDates = TimeSpan.FromSeconds(2);

    /// <summary>An answer that says nothing.</summary>
    internal static RateSignals None { get; } = new();

    /// <summary>The pause that <c>Retry-After</c> asks for, zero for a date that is past; null without a usable one.</summary>
    internal TimeSpan? RetryAfter { get; private init; }

    /// <summary>The time until <c>X-RateLimit-Reset</c>, more than zero; null without a usable one.</summary>
    internal TimeSpan? Reset { get; private init; }

    /// <summary>The pause that the body of a 429 asks for; null when it doesn't.</summary>
    internal TimeSpan? Hint { get; private init; }

    /// <summary><c>X-RateLimit-Limit</c>.</summary>
    internal int? Limit { get; private init; }

    /// <summary><c>X-RateLimit-Remaining</c>.</summary>
    internal int? Remaining { get; private init; }

    /// <summary>How much of <see cref="Wait"/> may be rounding.</summary>
    internal TimeSpan WaitRounding { get; private init; }

    /// <summary>How much of <see cref="Reset"/> may be rounding.</summary>
    internal static TimeSpan ResetRounding => RoundingOfDates;

    /// <summary>The pause asked for, by the most exact of the signs; null when none says.</summary>
    internal TimeSpan? Wait => RetryAfter ?? Reset ?? Hint;

    /// <summary>Which of the signs <see cref="Wait"/> comes from, in words.</summary>
    internal string WaitSource =>
        RetryAfter is not null ? "asked for a pause by Retry-After"
        : Reset is not null ? "asked for a pause by X-RateLimit-Reset"
        : Hint is not null ? "asked for a pause in its message"
        : "did not say for how long";

    /// <summary>Reads the signs.</summary>
    /// <param name="response">The answer's status and headers.</param>
    /// <param name="body">Its body; looked at only for a 429.</param>
    /// <param name="now">The time here, for a service that doesn't tell its own.</param>
    internal static RateSignals Read(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var serverNow = ServerTime(response.Headers.Date, now);
        var retryAfterSeconds = RetryAfterSeconds(response);
        return new RateSignals
        {
            RetryAfter = retryAfterSeconds ?? NotNegative(response.Headers.RetryAfter?.Date - serverNow),
            Reset = ReadReset(response, serverNow),
            Hint = (int)response.StatusCode == 429 ? BodyHint.Find(body) : null,
            Limit = WholeNumber(response, "X-RateLimit-Limit"),
            Remaining = WholeNumber(response, "X-RateLimit-Remaining"),
            WaitRounding = retryAfterSeconds is null ? RoundingOfDates : RoundingOfSeconds,
        };
    }

    // A Date has whole seconds. Where our clock agrees with it, ours says how much of the second has passed.
    private static DateTimeOffset ServerTime(DateTimeOffset? date, DateTimeOffset now) =>
        date is not { } told || (now >= told && now - told < TimeSpan.FromSeconds(1)) ? now : told;

    // "NaN" and "-Infinity" are numbers too, to a parser.
    private static TimeSpan? RetryAfterSeconds(HttpResponseMessage response) =>
        Header(response, "Retry-After") is { } text
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and <= int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static TimeSpan? ReadReset(HttpResponseMessage response, DateTimeOffset serverNow)
    {
        if (Header(response, "X-RateLimit-Reset") is not { } text
            || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds is not (>= 0 and <= LastUnixSecond))
        {
            return null;
        }

        var wait = seconds < FirstUnixSecond
            ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.UnixEpoch.AddSeconds(seconds) - serverNow;
        return wait > TimeSpan.Zero ? wait : null;
    }

    // "50, 50;w=10" is one way to write a limit: the number at its start is the one in force.
    private static int? WholeNumber(HttpResponseMessage response, string name)
    {
        var text = Header(response, name).AsSpan();
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;

    private static TimeSpan? NotNegative(TimeSpan? wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
}

/// <summary>Finds the pause that the body of a 429 asks for: a field such as <c>retry_after</c>, or "try again in 12 seconds".</summary>
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
