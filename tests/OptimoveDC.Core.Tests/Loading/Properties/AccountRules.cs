using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>The ledger balances, and agrees with what the service and the proxy saw.</summary>
internal static class AccountRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        var result = testimony.Result;
        verdict.Require(
            result.Read == result.Sent + result.Rejected + result.Skipped + result.Unknown + result.NotSent,
            "every record read is in exactly one count",
            () => $"{result.Read} read");
        verdict.Require(
            testimony.Report.Failure is not null || testimony.WasStopped || result.Read == testimony.Case.Rows.Count,
            "a load that says of no failure has read its source to the end",
            () => $"{result.Read} of {testimony.Case.Rows.Count}");
        verdict.Require(
            result.Rejected == testimony.Report.Rejections.Count,
            "each rejected record is reported",
            () => $"{result.Rejected} rejected, {testimony.Report.Rejections.Count} reported");
        verdict.Require(
            testimony.IsDecided || testimony.WasStopped || testimony.Report.Failure is not null || testimony.Warnings.Count > 0,
            "what ended undecided is told",
            () => $"{result.Unknown} unknown, {result.NotSent} not sent");
        verdict.Require(
            result.Operation == LoadOperation.Upload || result.Completed == testimony.IsDecided,
            "an update or delete is complete when nothing is unknown or not sent",
            () => $"{result.Completed}");

        // Where nothing goes wrong there is no excuse but two: the load was given up for its refused records, or the requests
        // that a refused chunk may take were used up.
        verdict.Require(
            !testimony.Case.IsCalm || testimony.Report.Failure is not null || testimony.IsDecided || (testimony.Case.MaxIsolationRequests < testimony.Case.BatchSize * 3 && testimony.ReadRows.Any(testimony.Case.Refuses)),
            "without a fault every record is decided",
            () => $"{result.Unknown} unknown, {result.NotSent} not sent");
        verdict.Require(
            testimony.Report.Failure is not ServiceException { Condition: ErrorCondition.RequestRefused } || testimony.Report.Rejections.Count(rejection => rejection.StatusCode is not null) >= 20,
            "a load is given up for a common mistake after twenty rejected records, not before",
            () => $"{testimony.Report.Failure!.Message}");
        if (testimony.Case.Operation == LoadOperation.Delete)
        {
            JudgeDeletions(testimony, verdict);
        }
        else
        {
            JudgeRows(testimony, verdict);
        }
    }

    private static void JudgeRows(Testimony testimony, Verdict verdict)
    {
        var result = testimony.Result;
        var rows = testimony.ReadRows.ToList();
        var acknowledged = rows.Where(testimony.WasAcknowledged).ToList();
        verdict.Require(
            result.Sent == acknowledged.Count || (testimony.WasStopped && result.Sent < acknowledged.Count),
            "Sent are those rows, and no others, whose success was heard",
            () => $"{result.Sent} sent; heard of {acknowledged.Count}: {Names(acknowledged)}");

        // What the service has, unheard, is at best unknown: never «not sent», never «skipped».
        var unheard = rows.Where(row => testimony.WasTaken(row) && !testimony.WasAcknowledged(row) && !testimony.WasRejected(row)).ToList();
        verdict.Require(
            result.Unknown >= unheard.Count,
            "what the service took and nobody heard of is Unknown",
            () => $"{result.Unknown} unknown; taken unheard: {Names(unheard)}");

        // A row that no request brought may have been superseded within its chunk, and only by a row of the same key.
        var never = rows.Where(row => !testimony.WasCarried(row) && !testimony.WasRejected(row)).ToList();
        var superseded = never.Where(testimony.MayBeSuperseded).ToList();
        if (testimony.IsDecided)
        {
            verdict.Require(
                result.Skipped == never.Count && superseded.Count == never.Count,
                "Skipped are those rows, and no others, that a later one of their chunk replaced",
                () => $"{result.Skipped} skipped; never sent: {Names(never)}; of these with a later row near: {Names(superseded)}");
        }
        else
        {
            // Where the load did not end decided, rows that no request brought may just as well be Unknown (every attempt
            // ended before its body) or NotSent; that they balance is all that can be said.
            verdict.Require(
                result.Skipped <= superseded.Count,
                "Skipped are only rows that a later one of their chunk replaced",
                () => $"{result.Skipped} skipped; candidates: {Names(superseded)}");
        }
    }

    private static void JudgeDeletions(Testimony testimony, Verdict verdict)
    {
        // Of each success that was heard the answer's own count is sent; with no count to read, all of it.
        var heard = testimony.Requests.Where(request => request.WasHeardToSucceed).ToList();
        var sent = heard.Sum(request => Math.Min(request.Keys.Count, AnsweredCount(request) ?? request.Keys.Count));
        verdict.Require(
            testimony.Result.Sent == sent || (testimony.WasStopped && testimony.Result.Sent < sent),
            "Sent are as many deletions as the service counted where its success was heard",
            () => $"{testimony.Result.Sent} sent; counted {sent}");
        verdict.Require(
            testimony.WasStopped || heard.All(request => (AnsweredCount(request) ?? request.Keys.Count) >= request.Keys.Count) || testimony.Warnings.Count > 0,
            "a success that counts less than was asked for is a warning",
            () => "no warning");
    }

    private static long? AnsweredCount(SeenRequest request)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(request.AnswerBody!);
            return document.RootElement.GetProperty("deleted_records").GetInt64();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Names(IEnumerable<CaseRow> rows) => string.Join(' ', rows.Select(row => $"{row.Index}={row.Key.Json}"));
}
