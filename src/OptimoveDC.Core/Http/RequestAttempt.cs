namespace OptimoveDC.Core.Http;

/// <summary>One attempt of a request, as it went. It carries no key and no value of a record.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path on the server.</param>
/// <param name="StatusCode">The status of the answer; null when none was heard.</param>
/// <param name="Fault">What went wrong on the way; null when an answer was heard.</param>
/// <param name="Duration">From the start of the attempt to its end.</param>
/// <param name="RequestId">The service's identifier of the request; null when it gave none.</param>
public sealed record RequestAttempt(string Method, string Path, int? StatusCode, string? Fault, TimeSpan Duration, string? RequestId)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var outcome = StatusCode is { } status ? status.ToString(System.Globalization.CultureInfo.InvariantCulture) : Fault;
        var id = RequestId is null ? "" : $", request id {RequestId}";
        return $"{Method} {Path} -> {outcome} in {Duration.TotalMilliseconds.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)} ms{id}";
    }
}
