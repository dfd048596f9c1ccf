using System.Globalization;
using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Tests.Resuming;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>A shard of which nothing is accepted still completes the batch, with a record of the others.</summary>
public sealed class ClosingShardTests
{
    private static readonly Shard First = new(0, 2);
    private static readonly Shard Last = new(1, 2);

    // Keys of the first shard alone, so that the closing one has an empty share.
    private static readonly IReadOnlyList<string> Keys =
        [.. Enumerable.Range(0, 200).Select(n => $"k{n}").Where(key => IsOf(First, key)).Take(30)];

    private static readonly string OwnKey = Enumerable.Range(0, 200).Select(n => $"k{n}").First(key => IsOf(Last, key));

    [Fact]
    public async Task An_empty_share_closes_with_the_last_record_of_the_source()
    {
        await using var account = EmulatedAccount.Open();
        Row[] rows = [.. Keys.Select(key => new Row(key, "first")), new Row(Keys[3], "last of its key"), new Row("", "no key")];
        var (worker, closing) = await LoadBothAsync(account, rows);

        Assert.Equal((32L, 31L, 1L), (worker.Read, worker.Sent + worker.Skipped, worker.Rejected));
        Assert.Equal((0L, 0L, 1L, 32L, true), (closing.Read, closing.Sent, closing.Requests, closing.PassedOver, closing.Completed));
        Assert.Equal((Json(Keys[3]), "last of its key"), LastArrival(account));
        Assert.Equal(30, account.Connection.Records.Count);
        Assert.True(Assert.Single(account.Connection.Batches).Completed);
    }

    [Fact]
    public async Task A_share_that_was_refused_whole_closes_with_the_last_record_of_the_source_too()
    {
        await using var account = EmulatedAccount.Open(Refusing("bad"));
        var (_, closing) = await LoadBothAsync(account, [.. Keys.Select(key => new Row(key, "good")), new Row(OwnKey, "bad")]);

        Assert.Equal((1L, 0L, 1L, true), (closing.Read, closing.Sent, closing.Rejected, closing.Completed));
        Assert.Equal((Json(Keys[29]), "good"), LastArrival(account));
    }

    [Fact]
    public async Task A_share_of_which_something_was_accepted_closes_with_its_own()
    {
        await using var account = EmulatedAccount.Open(Refusing("bad"));
        var (_, closing) = await LoadBothAsync(account, [new Row(OwnKey, "mine"), .. Keys.Select(key => new Row(key, "good"))]);

        Assert.Equal((1L, 1L, 1L, true), (closing.Read, closing.Sent, closing.Requests, closing.Completed));
        Assert.Equal((Json(OwnKey), "mine"), LastArrival(account));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public async Task If_the_last_is_refused_the_one_before_closes(int refused)
    {
        await using var account = EmulatedAccount.Open(Refusing("bad"));
        Row[] rows = [.. Keys.Select((key, at) => new Row(key, at < 30 - refused ? "good" : "bad"))];
        var (worker, closing) = await LoadBothAsync(account, rows);

        Assert.Equal(refused, worker.Rejected);
        Assert.Equal((0L, 0L, refused + 1L, true), (closing.Read, closing.Rejected, closing.Requests, closing.Completed));
        Assert.Equal((Json(Keys[29 - refused]), "good"), LastArrival(account));
    }

    [Fact]
    public async Task If_the_last_twenty_are_refused_the_batch_stays_open_and_that_is_said()
    {
        await using var account = EmulatedAccount.Open(Refusing("bad"));
        Row[] rows = [.. Keys.Select((key, at) => new Row(key, at < 10 ? "good" : "bad"))];
        await account.LoadAsync(PlanOf(account, First, out var plan), rows);
        var closing = await account.LoadAsync(plan with { Shard = Last, KeepBatchOpen = false }, rows);

        Assert.Equal((20L, false), (closing.Result.Requests, closing.Result.Completed));
        Assert.Equal(ErrorCondition.RequestRefused, Assert.IsType<ServiceException>(closing.Failure).Condition);
        Assert.Contains("the last 20", closing.Failure.Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(account.Connection.Batches).Completed);
    }

    [Fact]
    public async Task An_older_value_of_a_key_never_closes()
    {
        await using var account = EmulatedAccount.Open(Refusing("bad"));
        Row[] rows = [new Row(Keys[0], "good"), new Row(Keys[1], "older"), new Row(Keys[1], "bad")];
        var (worker, closing) = await LoadBothAsync(account, rows, batchSize: 1);

        Assert.Equal((2L, 1L), (worker.Sent, worker.Rejected));
        Assert.True(closing.Completed);
        Assert.Equal((Json(Keys[0]), "good"), LastArrival(account));
    }

    [Fact]
    public async Task A_fault_other_than_a_refusal_is_no_reason_to_try_another_record()
    {
        await using var account = EmulatedAccount.Open();
        Row[] rows = [.. Keys.Select(key => new Row(key, "good"))];
        await account.LoadAsync(PlanOf(account, First, out var plan), rows);
        account.Options.FaultPlan = _ => new Fault { StatusCode = 401 };
        var closing = await account.LoadAsync(plan with { Shard = Last, KeepBatchOpen = false }, rows);

        Assert.Equal((1L, false), (closing.Result.Requests, closing.Result.Completed));
        Assert.Equal(ErrorCondition.AuthenticationFailed, Assert.IsType<ServiceException>(closing.Failure).Condition);
    }

    [Fact]
    public async Task An_empty_source_closes_nothing()
    {
        await using var account = EmulatedAccount.Open();
        var (worker, closing) = await LoadBothAsync(account, []);

        Assert.Equal((0L, 0L, false), (worker.Read, closing.Requests, closing.Completed));
    }

    [Fact]
    public async Task A_closing_record_that_was_not_heard_of_is_sent_again_byte_for_byte_on_resume_and_no_other()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(Refusing("bad"), new() { MaxAttempts = 1 });
        Row[] rows = [.. Keys.Select((key, at) => new Row(key, at == 29 ? "bad" : "good"))];
        await account.LoadAsync(PlanOf(account, First, out var plan), rows);
        var closing = plan with { Shard = Last, KeepBatchOpen = false };
        var seen = 0;
        account.Options.FaultPlan = _ => Interlocked.Increment(ref seen) == 2 ? new Fault { StatusCode = 503, ApplyFirst = true } : null;
        var broken = await account.LoadAsync(WithCheckpoint(closing, folder), rows);
        Assert.False(broken.Result.Completed);
        Assert.True(Assert.Single(account.Connection.Batches).Completed);

        // Its last records are others now: none of them may follow a request that may have completed the batch.
        var before = account.Server.Service.RequestCount;
        var edited = await account.LoadAsync(WithCheckpoint(closing, folder), [.. rows.Take(5), new Row(Keys[28], "edited")]);
        Assert.Equal(CheckpointFault.SourceChanged, Assert.IsType<CheckpointException>(edited.Failure).Fault);
        Assert.Equal(before, account.Server.Service.RequestCount);

        var resumed = await account.LoadAsync(WithCheckpoint(closing, folder), rows);
        Assert.Equal((1L, true), (resumed.Result.Requests, resumed.Result.Completed));
        var batch = Assert.Single(account.Connection.Batches);
        Assert.Equal((1, 1), (batch.RequestsAfterCompletion, batch.RepeatedClosings));
        Assert.False(File.Exists(folder.PathOf("checkpoint")));
    }

    private static string Json(string key) => $"\"{key}\"";

    private static bool IsOf(Shard shard, string key) => shard.Owns(Encoding.UTF8.GetBytes(Json(key)));

    private static EmulatorOptions Refusing(string value) => new() { RejectRecord = record => record.GetProperty("value").GetString() == value };

    private static LoadPlan PlanOf(EmulatedAccount account, Shard shard, out LoadPlan plan, int batchSize = 10) =>
        plan = account.UploadPlan(batchSize: batchSize) with { Shard = shard, KeepBatchOpen = true };

    private static LoadPlan WithCheckpoint(LoadPlan plan, ScratchFolder folder)
    {
        var header = new CheckpointHeader
        {
            Source = "test",
            DataConnectionId = plan.DataConnectionId,
            BatchId = plan.BatchId!.Value,
            Shard = plan.Shard,
            StartedAt = DateTimeOffset.Parse("2026-01-01", CultureInfo.InvariantCulture),
        };
        var earlier = Checkpoint.Read(folder.PathOf("checkpoint"));
        Assert.Null(earlier is null ? null : header.FindDifference(earlier.Header));
        return plan with { Checkpoint = new CheckpointPlan { Path = folder.PathOf("checkpoint"), Header = header, Earlier = earlier } };
    }

    private static async Task<(LoadResult Worker, LoadResult Closing)> LoadBothAsync(EmulatedAccount account, Row[] rows, int batchSize = 10)
    {
        var worker = await account.LoadAsync(PlanOf(account, First, out var plan, batchSize), rows);
        Assert.Null(worker.Failure);
        var closing = await account.LoadAsync(plan with { Shard = Last, KeepBatchOpen = false }, rows);
        Assert.Null(closing.Failure);
        return (worker.Result, closing.Result);
    }

    private static (string Key, string Value) LastArrival(EmulatedAccount account)
    {
        var last = account.Connection.Arrivals.Last(arrival => arrival.Accepted);
        return (last.KeyJson, JsonDocument.Parse(last.ValueJson!).RootElement.GetProperty("value").GetString()!);
    }
}
