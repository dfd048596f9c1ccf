namespace OptimoveDC.Core.Api;

/// <summary>An answer of the service, read leniently.</summary>
public sealed class ServiceReply
{
    /// <summary>The HTTP status.</summary>
    public required int StatusCode { get; init; }

    /// <summary>What the body says, as far as it could be understood.</summary>
    public required ReplyBody Body { get; init; }

    /// <summary>The service's identifier of the request, from a header or the body; null when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the answer asks to wait; null when it doesn't.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True for a 2xx whose body doesn't take it back.</summary>
    public bool IsSuccess => StatusCode is >= 200 and <= 299 && !Body.SaysFailure;

    /// <summary>True when the records of the request were refused, not the request as such: 400, 422, or a 2xx whose body says it failed.</summary>
    public bool IsRefusal => StatusCode is 400 or 422 || (StatusCode is >= 200 and <= 299 && Body.SaysFailure);

    /// <summary>
    /// True for the statuses that a repetition may cure and that don't say whether anything was carried out: 408 and 5xx,
    /// but for 501, 505 and 511, by which the request was not even tried.
    /// </summary>
    public bool IsTransient => StatusCode is 408 or (>= 500 and <= 599 and not 501 and not 505 and not 511);

    /// <summary>The service's own words, or the name of the status where it said nothing.</summary>
    public string Message => Body.Message ?? $"HTTP {StatusCode}";
}
