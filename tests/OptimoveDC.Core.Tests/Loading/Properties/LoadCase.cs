using System.Globalization;
using System.Text;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A load, the service it goes to, and how much goes wrong. Which request meets which fault follows from the seed.</summary>
internal sealed record LoadCase
{
    internal required int Seed { get; init; }

    internal required LoadOperation Operation { get; init; }

    internal required IReadOnlyList<CaseRow> Rows { get; init; }

    /// <summary>The keys that have a record before the load.</summary>
    internal required IReadOnlySet<CaseKey> Present { get; init; }

    internal required int BatchSize { get; init; }

    internal required int MaxChunkBytes { get; init; }

    internal required int ThrottleLimit { get; init; }

    internal required int MaxAttempts { get; init; }

    internal required long MaxReject { get; init; }

    internal required int MaxIsolationRequests { get; init; }

    internal required bool KeepBatchOpen { get; init; }

    /// <summary>After how many requests the user stops the load; null for never.</summary>
    internal required int? StopAfter { get; init; }

    /// <summary>At which request the service is stopped and started again; null for never.</summary>
    internal required int? RestartAt { get; init; }

    /// <summary>How many attempts in a hundred meet a fault of the connection.</summary>
    internal required int ConnectionFaults { get; init; }

    /// <summary>How many of the requests that reach the service, in a hundred, meet a fault of its own.</summary>
    internal required int ServiceFaults { get; init; }

    /// <summary>How many requests in a hundred are slow, without a fault.</summary>
    internal required int Slow { get; init; }

    internal required RateLimit? RateLimit { get; init; }

    internal required RetryAfterForm RetryAfterForm { get; init; }

    internal required bool SendRetryAfter { get; init; }

    internal required bool SendRateLimitHeaders { get; init; }

    internal required BadRequestScope BadRequestScope { get; init; }

    internal required AbsentDelete AbsentDelete { get; init; }

    internal required AbsentUpdate AbsentUpdate { get; init; }

    internal required KeyIdentity KeyIdentity { get; init; }

    internal required ErrorBodyShape ErrorBodyShape { get; init; }

    internal required bool NameBadKeysStructurally { get; init; }

    internal required UploadResponseShape UploadResponseShape { get; init; }

    internal required int BadRequestStatus { get; init; }

    /// <summary>Whether nothing can go wrong between the engine and the service, so that everything must arrive.</summary>
    internal bool IsCalm => ConnectionFaults == 0 && ServiceFaults == 0 && RateLimit is null && StopAfter is null && RestartAt is null;

    /// <summary>Whether the service refuses a row for good, as far as that is known before.</summary>
    internal bool Refuses(CaseRow row) => Operation switch
    {
        LoadOperation.Upload => row.IsRefused,
        LoadOperation.Update => row.IsRefused || (AbsentUpdate == AbsentUpdate.BadRequest && !IsPresent(row.Key)),

        // A key that was deleted before is absent the second time.
        _ => row.Key.Form == KeyForm.RefusedWord || AbsentDelete == AbsentDelete.BadRequest,
    };

    /// <summary>Whether the service had a record of the key before the load.</summary>
    internal bool IsPresent(CaseKey key) => Present.Any(present => present.Identity(KeyIdentity) == key.Identity(KeyIdentity));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {Seed}: {Operation} of {Rows.Count} rows in chunks of {BatchSize} ({MaxChunkBytes} bytes), {ThrottleLimit} in flight, {MaxAttempts} attempts, at most {MaxReject} rejects and {MaxIsolationRequests} requests for a refused chunk{(KeepBatchOpen ? ", batch kept open" : "")}{(StopAfter is { } count ? $", stopped after {count} requests" : "")}{(RestartAt is { } at ? $", the service restarted at request {at}" : "")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  faults in a hundred: {ConnectionFaults} of connections, {ServiceFaults} of the service, {Slow} slow; limit {RateLimit?.ToString() ?? "none"}, Retry-After {(SendRetryAfter ? RetryAfterForm : "none")}{(SendRateLimitHeaders ? ", with headers" : "")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  service: {BadRequestScope}, absent {AbsentDelete} on delete and {AbsentUpdate} on update, keys {KeyIdentity}, {BadRequestStatus} as {ErrorBodyShape}{(NameBadKeysStructurally ? " naming keys" : "")}, upload answers {UploadResponseShape}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  present: {string.Join(' ', Present.Select(key => key.Json))}");
        text.Append(CultureInfo.InvariantCulture, $"  rows: {string.Join(' ', Rows.Select(row => $"{row.Index}={row.Key.Json}{(row.IsRefused ? "!" : "")}"))}");
        return text.ToString();
    }
}
