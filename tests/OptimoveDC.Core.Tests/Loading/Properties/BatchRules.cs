namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A batch is completed when it is whole, once, and nothing comes after.</summary>
internal static class BatchRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        var result = testimony.Result;
        verdict.Require(testimony.Batches.All(batch => batch.Id == result.BatchId), "a load has one batch", () => string.Join(' ', testimony.Batches.Select(batch => batch.Id)));
        var batch = testimony.Batches.SingleOrDefault(batch => batch.Id == result.BatchId);
        verdict.Require(
            batch is null || batch.RequestsAfterCompletion == batch.RepeatedClosings,
            "nothing arrives in a completed batch but the closing request again",
            () => $"{batch!.RequestsAfterCompletion} requests, {batch.RepeatedClosings} of them repetitions");
        var closings = testimony.Requests.Where(request => request.Closes).OrderBy(request => request.Sequence).ToList();
        JudgeCompletion(testimony, verdict, closings, batch?.Completed == true);
        JudgeClosings(testimony, verdict, closings);
    }

    private static void JudgeCompletion(Testimony testimony, Verdict verdict, List<SeenRequest> closings, bool isCompleted)
    {
        var result = testimony.Result;
        var wasHeard = closings.Any(request => request.WasHeardToSucceed);
        verdict.Require(!result.Completed || isCompleted, "a batch that is reported completed is completed", () => $"{closings.Count} closing requests");
        verdict.Require(result.Completed == wasHeard || (testimony.WasStopped && !result.Completed), "Completed says that the success of the closing request was heard", () => $"Completed {result.Completed}; {string.Join("; ", closings)}");
        verdict.Require(!result.Completed || testimony.IsDecided, "a completed batch has nothing unknown and nothing unsent", () => $"{result.Unknown} unknown, {result.NotSent} not sent");

        // The one batch that is completed though the account says no: the success of the closing request was lost. Its
        // records are Unknown then, or the failure says that the closing itself ended so.
        verdict.Require(
            result.Completed || !isCompleted || testimony.WasStopped || result.Unknown > 0 || testimony.Report.Failure is not null,
            "a completion that nobody heard of is told as unknown",
            () => string.Join("; ", closings));
        verdict.Require(!testimony.Case.KeepBatchOpen || closings.Count == 0, "a batch that is kept open is never closed", () => string.Join("; ", closings));
        verdict.Require(
            result.Completed || testimony.WasStopped || testimony.Case.KeepBatchOpen || testimony.Report.Failure is not null || !testimony.IsDecided || result.Sent == 0,
            "rejects don't keep a batch from being completed",
            () => $"{result.Sent} sent, {result.Rejected} rejected");
    }

    private static void JudgeClosings(Testimony testimony, Verdict verdict, List<SeenRequest> closings)
    {
        if (closings.Count == 0)
        {
            return;
        }

        // The last chunk goes only when every other is resolved: so each row outside it is decided, and had been before.
        var closed = closings.SelectMany(request => request.Rows).ToHashSet();
        var undecided = testimony.ReadRows
            .Where(row => !closed.Contains(row.Index) && !testimony.WasAcknowledged(row) && !testimony.WasRejected(row) && !testimony.MayBeSuperseded(row))
            .ToList();
        verdict.Require(
            undecided.Count == 0 || closings.All(request => request.WasHeardToBeRefused),
            "no batch is closed while a row outside its last chunk is undecided",
            () => string.Join('\n', undecided.Select(row => testimony.StoryOf(row.Key.Class))));

        // Once a closing request may have worked, only the very same may follow, until it is answered; then nothing.
        SeenRequest? closing = null;
        var isOver = false;
        foreach (var request in testimony.Requests.OrderBy(request => request.Sequence).SkipWhile(request => !request.Closes))
        {
            verdict.Require(!isOver, "nothing is sent after a closing request that was answered", () => $"closed by {closing}\n  then came {request}");
            verdict.Require(closing is null || request.Body == closing.Body, "only the closing request itself follows one that may have worked", () => $"closed by {closing}\n  then came {request}");
            var mayHaveWorked = closing is not null;
            closing = request.Closes && (request.IsUncertain || request.IsSuccess) ? request : closing;
            isOver |= request.Closes && request.WasHeard && (request.IsSuccess || (mayHaveWorked && request.Status is >= 400 and < 500 and not 408 and not 429));
        }
    }
}
