namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>No key ever sees an older value after a newer one.</summary>
/// <remarks>
/// Keys that may be one to some service, <c>7</c> and <c>"7"</c>, count as one. Within a chunk these are two, by design, and
/// go in one request in the order of the source: so such a request may come again, whole, and the order between two of its
/// rows is that within the request. A repetition of a request is the same value, not an older one.
/// </remarks>
internal static class OrderRules
{
    internal static void Judge(Testimony testimony, Verdict verdict)
    {
        foreach (var request in testimony.Requests)
        {
            verdict.Require(request.Keys.Count == request.Keys.Distinct().Count(), "no request carries a key twice", () => $"{request}");
        }

        foreach (var rows in testimony.ReadRows.GroupBy(row => row.Key.Class))
        {
            JudgeArrivals(testimony, verdict, [.. rows]);
            JudgeUndecided(testimony, verdict, [.. rows]);
        }
    }

    // Only what the service took counts: a refused record changes nothing, whenever it comes.
    private static void JudgeArrivals(Testimony testimony, Verdict verdict, List<CaseRow> rows)
    {
        var indexes = rows.Select(row => row.Index).ToHashSet();
        var newest = -1;
        foreach (var request in testimony.Requests)
        {
            var taken = request.Rows.Zip(request.Arrivals).Where(pair => pair.Second.Accepted && indexes.Contains(pair.First)).Select(pair => pair.First).ToList();
            if (taken.Count == 0)
            {
                continue;
            }

            verdict.Require(
                taken.Zip(taken.Skip(1)).All(pair => pair.First < pair.Second),
                "within a request the rows of a key are in the order of the source",
                () => $"{request}");
            verdict.Require(
                taken[^1] >= newest || testimony.AreOfOneChunk(taken[^1], newest),
                "no key sees an older value after a newer one",
                () => $"row {taken[^1]} after row {newest}, in request {request}\n{testimony.StoryOf(rows[0].Key.Class)}");
            newest = Math.Max(newest, taken[^1]);
        }
    }

    // A row that ended unknown or not sent may be wanted once more, now or on resume: no later one of its key may have gone.
    private static void JudgeUndecided(Testimony testimony, Verdict verdict, List<CaseRow> rows)
    {
        var undecided = rows.FirstOrDefault(row => !testimony.WasAcknowledged(row) && !testimony.WasRejected(row) && !testimony.MayBeSuperseded(row));
        foreach (var later in rows.Where(row => undecided is not null && row.Index > undecided.Index && testimony.WasCarried(row)))
        {
            verdict.Require(
                testimony.AreOfOneChunk(undecided!.Index, later.Index),
                "no value goes out while an earlier one of its key is undecided",
                () => $"row {undecided.Index} is undecided, and row {later.Index} was sent\n{testimony.StoryOf(undecided.Key.Class)}");
        }
    }
}
