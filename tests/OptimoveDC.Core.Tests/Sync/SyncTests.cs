using OptimoveDC.Core.Sync;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>What a sync sends, and what it leaves alone.</summary>
public sealed class SyncTests
{
    [Theory]
    [InlineData(null, 5000, 1000)]
    [InlineData(86400, 5000, 1000)]
    [InlineData(null, 700, 90)]
    public async Task Of_a_hundred_thousand_customers_only_the_changes_go_in_as_few_requests_as_there_can_be(int? timeToLive, int batchSize, int deleteBatchSize)
    {
        const int Customers = 100_000;
        await using var file = new SyncedFile();
        SyncPlan Adapt(SyncPlan plan) => plan with { TimeToLiveSeconds = timeToLive, BatchSize = batchSize, DeleteBatchSize = deleteBatchSize, DeleteMissing = true };
        file.Options.KeepArrivals = false;
        var yesterday = Enumerable.Range(0, Customers).Select(number => ($"c{number:D7}", $"{number}")).ToList();
        file.Write(yesterday);
        var first = await file.SyncAsync(Adapt);
        Assert.Equal((Customers, Customers, true), (first.Result.New, first.Result.Sent, first.Result.Completed));
        Assert.Equal(Ceiling(Customers, batchSize), file.Requests.Count);

        // 2 % changed, 0.5 % new, 0.3 % gone, spread over all of them.
        var today = yesterday.Where((_, at) => at % 1000 is not (17 or 400 or 883))
            .Select(row => IsToChange(row.Item2) ? (row.Item1, row.Item2 + " changed") : row)
            .ToList();
        var changed = today.Count(row => row.Item2.EndsWith("changed", StringComparison.Ordinal));
        for (var number = 0; number < Customers / 200; number++)
        {
            today.Insert(today.Count * number / (Customers / 200), ($"n{number:D7}", "new"));
        }

        file.Write(today);
        var second = await file.SyncAsync(Adapt);

        Assert.Equal(Customers / 50, changed);
        Assert.Equal((2000L, 500L, 300L, 97_700L), (second.Result.Changed, second.Result.New, second.Result.Deleted, second.Result.Unchanged));
        Assert.Equal((2500L, 100_200L, true), (second.Result.Sent, second.Result.Read, second.Result.Completed));
        Assert.Equal(Ceiling(2500, batchSize) + Ceiling(300, deleteBatchSize), file.Requests.Count);
        Assert.Equal(second.Result.Requests, file.Requests.Count);
        file.AssertHolds(today);
        file.AssertClaimsAreTrue();
        Assert.Equal(today.Count, file.Claims().Count);
    }

    [Fact]
    public async Task A_file_that_did_not_change_makes_no_request()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"));
        await file.SyncAsync();
        var again = await file.SyncAsync(plan => plan with { DeleteMissing = true });

        Assert.Empty(file.Requests);
        Assert.Equal((2L, 0L, 0L, true), (again.Result.Unchanged, again.Result.ToSend, again.Result.Missing, again.Result.Completed));
        Assert.Null(again.Result.BatchId);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6000)]
    public async Task The_last_record_of_a_key_decides_whether_and_what_is_sent(int rowsBetween)
    {
        await using var file = new SyncedFile();
        var others = Enumerable.Range(0, rowsBetween).Select(number => ($"o{number}", "x")).ToList();
        List<(string, string)> Thrice(string first, string second, string third) => [("k", first), .. others, ("k", second), .. others, ("k", third)];
        file.Write(Thrice("A", "B", "A"));
        var first = await file.SyncAsync();
        Assert.Equal((1L + rowsBetween, 2L + rowsBetween), (first.Result.Sent, first.Result.Skipped));
        Assert.Single(file.Connection.Arrivals, arrival => arrival.KeyJson == "\"k\"");

        file.Write(Thrice("B", "C", "A"));
        var unchanged = await file.SyncAsync();
        Assert.Empty(file.Requests);
        Assert.Equal(1L + rowsBetween, unchanged.Result.Unchanged);

        file.Write(Thrice("A", "A", "B"));
        var changed = await file.SyncAsync();
        Assert.Equal((1L, 0L), (changed.Result.Changed, changed.Result.New));
        file.AssertHolds([("k", "B"), .. others]);
        file.AssertClaimsAreTrue();
    }

    [Fact]
    public async Task Keys_that_are_missing_stay_unless_their_deletion_is_asked_for()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"), ("c", "3"));
        await file.SyncAsync();
        file.Write(("a", "1"), ("b", "2"));

        var kept = await file.SyncAsync();
        Assert.Empty(file.Requests);
        Assert.Equal((1L, 0L, 0L, 1L, true), (kept.Result.Missing, kept.Result.ToDelete, kept.Result.Deleted, kept.Result.NotDeleted, kept.Result.Completed));

        var deleted = await file.SyncAsync(plan => plan with { DeleteMissing = true, MaxDeletePercent = 50 });
        Assert.Equal((1L, 1L, 1L, 0L, true), (deleted.Result.Missing, deleted.Result.ToDelete, deleted.Result.Deleted, deleted.Result.NotDeleted, deleted.Result.Completed));
        file.AssertHolds(("a", "1"), ("b", "2"));
        Assert.Equal(["\"a\"", "\"b\""], file.Claims().Keys.Order());
    }

    [Fact]
    public async Task Full_sends_every_record_again_and_keeps_the_state()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"));
        await file.SyncAsync();
        file.Write(("a", "1"), ("b", "3"), ("c", "4"));
        var full = await file.SyncAsync(plan => plan with { Full = true });

        Assert.Equal((1L, 1L, 1L, 3L), (full.Result.Resent, full.Result.Changed, full.Result.New, full.Result.Sent));
        await file.SyncAsync();
        Assert.Empty(file.Requests);
    }

    [Fact]
    public async Task A_trial_counts_exactly_sends_nothing_and_makes_no_state()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"), ("c", "3"));
        var before = await file.SyncAsync(isTrial: true);
        Assert.Equal((3L, 3L, 0L, false), (before.Result.New, before.Result.NotSent, before.Result.Requests, before.Result.Completed));
        Assert.Empty(file.Requests);
        Assert.False(File.Exists(file.StatePath));

        await file.SyncAsync();
        var bytes = await File.ReadAllBytesAsync(file.StatePath, TestContext.Current.CancellationToken);
        file.Write(("a", "1"), ("b", "9"), ("d", "4"));
        var trial = await file.SyncAsync(plan => plan with { DeleteMissing = true, MaxDeletePercent = 50 }, isTrial: true);

        Assert.Equal((1L, 1L, 1L, 1L), (trial.Result.New, trial.Result.Changed, trial.Result.Unchanged, trial.Result.ToDelete));
        Assert.Empty(file.Requests);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file.StatePath, TestContext.Current.CancellationToken));
        var real = await file.SyncAsync(plan => plan with { DeleteMissing = true, MaxDeletePercent = 50 });
        Assert.Equal((trial.Result.New, trial.Result.Changed, trial.Result.ToDelete), (real.Result.New, real.Result.Changed, real.Result.Deleted));
        file.AssertHolds(("a", "1"), ("b", "9"), ("d", "4"));
    }

    [Fact]
    public async Task A_file_that_changes_between_its_two_readings_is_not_completed()
    {
        await using var file = new SyncedFile();
        var rows = Enumerable.Range(0, 12_000).Select(number => ($"c{number}", "1")).ToList();
        file.Write(rows);
        var report = await file.SyncAsync(betweenReadings: () => file.Write(rows.Select((row, at) => at == 11_000 ? (row.Item1, "2") : row)));

        Assert.Equal(SyncFault.SourceChanged, Assert.IsType<SyncException>(report.Failure).Fault);
        Assert.False(report.Result.Completed);
        Assert.Empty(file.Connection.Records);
        Assert.Empty(file.Claims());
        var mended = await file.SyncAsync();
        Assert.Equal((12_000L, 12_000L, true), (mended.Result.Resent, mended.Result.Sent, mended.Result.Completed));
    }

    // 35 and 85 of each hundred: none of them is among the deleted.
    private static bool IsToChange(string value) => value.EndsWith("35", StringComparison.Ordinal) || value.EndsWith("85", StringComparison.Ordinal);

    private static int Ceiling(int count, int batchSize) => (count + batchSize - 1) / batchSize;
}
