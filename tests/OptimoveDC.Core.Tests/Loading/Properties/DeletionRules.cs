namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>What deletions leave, and which refusals of them are rejects.</summary>
internal static class DeletionRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        var identity = testimony.Case.KeyIdentity;
        foreach (var request in testimony.Requests)
        {
            verdict.Require(request.Keys.Count == request.Keys.Distinct().Count(), "no request carries a key twice", () => $"{request}");
        }

        var held = testimony.Records.Select(record => record.KeyJson).ToHashSet();
        foreach (var rows in testimony.ReadRows.GroupBy(row => row.Key.Identity(identity)))
        {
            var isHeld = rows.Any(row => held.Contains(row.Key.Json)) || testimony.Case.Present.Any(key => key.Identity(identity) == rows.Key && held.Contains(key.Json));
            var wasDeleted = testimony.Requests.Any(request => request.WasHeardToSucceed && rows.Any(row => request.Keys.Contains(row.Key.Json)));
            verdict.Require(!isHeld || !wasDeleted, "a key whose deletion was acknowledged is gone", () => testimony.StoryOf(rows.First().Key.Class));

            // A key that the service refuses by a rule of its own stays; it is Rejected, or Skipped where an earlier request
            // carried it: its refusal can't be told from that of a key that is already gone. Where the load did not end
            // decided, a key may be there because it was never asked for.
            verdict.Require(
                !isHeld || !testimony.IsDecided || rows.Any(row => testimony.WasRejected(row) || row.Key.Form == KeyForm.RefusedWord),
                "a key without a rejected row is gone",
                () => testimony.StoryOf(rows.First().Key.Class));
        }

        foreach (var record in testimony.Records.Where(record => testimony.Case.Rows.All(row => row.Key.Json != record.KeyJson)))
        {
            verdict.Require(testimony.Case.Present.Any(key => key.Json == record.KeyJson), "nothing appears by a deletion", () => record.KeyJson);
        }

        JudgeRefusals(testimony, verdict);
    }

    // A refusal of a key that an earlier request carried, heard or not, is no news: the earlier one may have deleted it.
    private static void JudgeRefusals(Testimony testimony, Verdict verdict)
    {
        foreach (var rejection in testimony.Report.Rejections.Where(rejection => rejection.StatusCode is not null))
        {
            var key = testimony.Case.Rows[(int)rejection.Line - 1].Key;
            var carriers = testimony.Requests.Where(request => request.Keys.Contains(key.Json)).OrderBy(request => request.Sequence).ToList();
            var refused = carriers.FindIndex(request => request.RequestId == rejection.RequestId);
            verdict.Require(
                carriers.Take(Math.Max(0, refused)).All(request => request.Arrivals.Count == 0),
                "a refused key that an earlier request carried is Skipped, not Rejected",
                () => testimony.StoryOf(key.Class));
        }

        // The other way round, as far as it is sure: the first request for a key, with nothing else in it and nothing lost.
        // Keys that may be one to the service are one here: the deletion of "3" may be why 3 is refused.
        var classes = testimony.Case.Rows.Select(row => row.Key).DistinctBy(key => key.Json).ToDictionary(key => key.Json, key => key.Class);
        foreach (var request in testimony.Requests.Where(request => request.WasHeardToBeRefused && request.Keys.Count == 1))
        {
            var isFirst = testimony.Case.IsCalm && !testimony.Requests.Any(other => other.Sequence < request.Sequence && other.Keys.Any(key => classes[key] == classes[request.Keys[0]]));
            verdict.Require(
                !isFirst || testimony.Report.Rejections.Any(rejection => rejection.RequestId == request.RequestId),
                "a key refused by the first request that carries it is Rejected",
                () => $"{request}");
        }
    }
}
