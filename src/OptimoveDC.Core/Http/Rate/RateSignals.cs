using System.Globalization;

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

    /// <summary>The pause asked for, by the most telling of the signs; null when none says.</summary>
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
        var serverNow = response.Headers.Date ?? now;
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

    // «NaN» and «-Infinity» are numbers too, to a parser.
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
