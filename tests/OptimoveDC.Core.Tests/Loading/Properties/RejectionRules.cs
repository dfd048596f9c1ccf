namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Rejected is what the service refused by itself, heard, and for a reason of its own; nothing else.</summary>
internal static class RejectionRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        var lines = testimony.Report.Rejections.Select(rejection => rejection.Line).ToList();
        verdict.Require(lines.Count == lines.Distinct().Count(), "a record is rejected once", () => string.Join(' ', lines.Order()));

        var withoutKey = testimony.Case.Rows.Take((int)testimony.Result.Read).Where(row => !row.Key.IsUsable).Select(row => row.Index + 1L);
        verdict.Require(
            withoutKey.SequenceEqual(testimony.Report.Rejections.Where(rejection => rejection.StatusCode is null).Select(rejection => rejection.Line).Order()),
            "rows without a key are rejected before they are sent, and no others",
            () => string.Join(' ', withoutKey));

        foreach (var rejection in testimony.Report.Rejections.Where(rejection => rejection.StatusCode is not null))
        {
            var row = testimony.Case.Rows[(int)rejection.Line - 1];
            var request = testimony.Requests.SingleOrDefault(request => request.RequestId == rejection.RequestId);
            void Require(bool condition, string rule) =>
                verdict.Require(condition, rule, () => $"row {row.Index}={row.Key.Json}, request {request}\n{testimony.StoryOf(row.Key.Class)}");

            Require(testimony.Case.Refuses(row), "a record that the service would take is never rejected");
            if (request is null)
            {
                // The identifier may have been lost with the body of the answer; but the header has it, always.
                Require(false, "a rejection names the request that was refused");
                continue;
            }

            Require(request.WasHeardToBeRefused && request.Status == rejection.StatusCode, "a rejection is a refusal that was heard");
            Require(request.Keys.Contains(row.Key.Json), "a rejected record was in the request that was refused");
            Require(!testimony.WasTaken(row), "a rejected record is nowhere in the service");
            Require(
                testimony.Case.Operation == LoadOperation.Delete || !FollowsAnUncertainAttempt(testimony, request),
                "a refusal right after an attempt that nobody heard of rejects nothing");
            Require(
                testimony.Case.Operation == LoadOperation.Delete || request.Rows.All(other => testimony.Case.Refuses(testimony.Case.Rows[other])),
                "a record is rejected in a request without a good one");
        }
    }

    // As far as the service could see: an attempt that broke before its body was whole is not among these requests.
    private static bool FollowsAnUncertainAttempt(Testimony testimony, SeenRequest request) =>
        testimony.Requests.Where(other => other.Sequence < request.Sequence && other.Body == request.Body).MaxBy(other => other.Sequence) is { IsUncertain: true };
}
