using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>The way of records through the engine, as the service sees it.</summary>
public sealed class LoaderTests
{
    [Fact]
    public async Task Many_records_go_in_full_chunks_of_one_batch_completed_by_the_last_alone()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { KeepBodies = true });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 12_345).Select(n => new Row($"{n:D7}", $"value {n}")));

        Assert.Equal((12_345L, 12_345L, 3L, true), (report.Result.Read, report.Result.Sent, report.Result.Requests, report.Result.Completed));
        var bodies = account.Server.Service.Requests.Select(request => JsonDocument.Parse(request.BodyText()!).RootElement).ToList();
        Assert.Equal([5000, 5000, 2345], bodies.Select(body => body.GetProperty("data").GetArrayLength()).OrderDescending());
        Assert.Equal(report.Result.BatchId, Assert.Single(bodies.Select(body => body.GetProperty("batch_uuid").GetGuid()).Distinct()));
        Assert.Equal([false, false, true], bodies.Select(body => body.GetProperty("batch_completed").GetBoolean()));
        Assert.Equal(
            Enumerable.Range(0, 12_345).Select(n => $$"""{"user_id":"{{n:D7}}","value":"value {{n}}"}"""),
            account.Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_source_of_exactly_one_chunk_is_one_request_that_completes()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 10), Enumerable.Range(0, 10).Select(n => new Row(n, "a")));

        Assert.Equal((1L, true), (report.Result.Requests, report.Result.Completed));
        Assert.Equal(10, account.Connection.Records.Count);
    }

    [Fact]
    public async Task An_empty_source_sends_nothing_and_completes_nothing()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), []);

        Assert.Equal((0L, 0L, false), (report.Result.Read, report.Result.Requests, report.Result.Completed));
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Within_a_chunk_the_last_value_of_a_key_wins_and_the_earlier_ones_are_skipped()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(
            account.UploadPlan(),
            [new Row("a", "1"), new Row("b", "1"), new Row("a", "2"), new Row("c", "1"), new Row("a", "3")]);

        Assert.Equal((5L, 3L, 2L), (report.Result.Read, report.Result.Sent, report.Result.Skipped));
        Assert.Equal("""{"user_id":"a","value":"3"}""", account.Connection.Find("\"a\"")!.Json);
        Assert.Equal(3, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_text_key_never_supersedes_the_number_of_the_same_digits()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "text"), new Row(1, "number")]);

        Assert.Equal((2L, 0L), (report.Result.Sent, report.Result.Skipped));
        Assert.Equal(2, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_chunk_waits_for_an_earlier_one_that_holds_the_same_key()
    {
        // The older value is held until others have arrived; without the rule the newer one would be among them.
        var time = new FakeTimeProvider();
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            TimeProvider = time,
            AbsentUpdate = AbsentUpdate.Insert,
            FaultPlan = request => request.BodyText()!.Contains("old", StringComparison.Ordinal) ? new Fault { Delay = TimeSpan.FromHours(1) } : null,
        });
        var load = account.LoadAsync(
            account.UpdatePlan(batchSize: 1) with { ThrottleLimit = 2 },
            [new Row("same", "old"), new Row("same", "new"), new Row("x", "1"), new Row("y", "1"), new Row("z", "1")]);
        while (account.Connection.Arrivals.Count < 3)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        while (!load.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await load;

        var arrivals = account.Connection.Arrivals;
        Assert.Equal(["old", "new"], arrivals.Where(arrival => arrival.KeyJson == "\"same\"").Select(arrival => ValueOf(arrival.ValueJson)));
        Assert.Equal(["\"x\"", "\"y\"", "\"z\""], arrivals.Take(3).Select(arrival => arrival.KeyJson).Order());
        Assert.Equal("new", ValueOf(account.Connection.Find("\"same\"")!.Json));
    }

    [Fact]
    public async Task Bad_records_are_found_by_halving_and_all_others_arrive()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = record => record.GetProperty("value").GetString() == "bad" });
        var report = await account.LoadAsync(
            account.UploadPlan(batchSize: 100),
            Enumerable.Range(0, 300).Select(n => new Row(n, n is 17 or 150 or 299 ? "bad" : "good")));

        Assert.Equal((300L, 297L, 3L, true), (report.Result.Read, report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal([18L, 151L, 300L], report.Rejections.Select(rejection => rejection.Line).Order());
        Assert.All(report.Rejections, rejection => Assert.Equal(400, rejection.StatusCode));
        Assert.Equal(297, account.Connection.Records.Count);
    }

    [Theory]
    [InlineData(BadRequestScope.WholeRequest)]
    [InlineData(BadRequestScope.BadItemsOnly)]
    public async Task A_last_chunk_refused_in_part_is_completed_by_the_last_accepted_record_sent_again(BadRequestScope scope)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            KeepBodies = true,
            BadRequestScope = scope,
            RejectRecord = record => record.GetProperty("value").GetString() == "bad",
        });
        var report = await account.LoadAsync(
            account.UploadPlan(batchSize: 4),
            Enumerable.Range(0, 8).Select(n => new Row(n, n is 7 ? "bad" : "good")));

        Assert.Equal((7L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        var closing = JsonDocument.Parse(account.Server.Service.Requests[^1].BodyText()!).RootElement;
        Assert.True(closing.GetProperty("batch_completed").GetBoolean());
        Assert.Equal(6, Assert.Single(closing.GetProperty("data").EnumerateArray()).GetProperty("user_id").GetInt32());
        Assert.Equal(7, account.Connection.Records.Count);
        Assert.Equal(0, Assert.Single(account.Connection.Batches).RequestsAfterCompletion);
    }

    [Fact]
    public async Task A_last_chunk_refused_in_whole_is_completed_by_the_chunk_before()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = record => record.GetProperty("value").GetString() == "bad" });
        var report = await account.LoadAsync(
            account.UploadPlan(batchSize: 4),
            Enumerable.Range(0, 8).Select(n => new Row(n, n >= 4 ? "bad" : "good")));

        Assert.Equal((4L, 4L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal(4, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_source_whose_every_record_is_refused_stops_soon_and_completes_nothing()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { RejectRecord = _ => true });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1000), Enumerable.Range(0, 20_000).Select(n => new Row(n, "a")));

        Assert.Equal(ErrorCondition.RequestRefused, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.False(report.Result.Completed);
        Assert.True(report.Result.Requests < 200, $"{report.Result.Requests} requests");
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task A_record_without_a_usable_key_is_rejected_and_the_load_goes_on()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("a", "1"), new Row("", "2"), new Row(" ", "3"), new Row("b", "4")]);

        Assert.Equal((4L, 2L, 2L, true), (report.Result.Read, report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal([2L, 3L], report.Rejections.Select(rejection => rejection.Line));
    }

    [Fact]
    public async Task Too_many_rejects_stop_the_load()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan() with { MaxReject = 5 }, Enumerable.Range(0, 100).Select(_ => new Row("", "a")));

        Assert.Equal(ErrorCondition.TooManyRejects, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(6, report.Result.Rejected);
    }

    [Fact]
    public async Task A_chunk_is_sealed_before_it_grows_beyond_its_bytes_and_a_larger_record_goes_alone()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(
            account.UploadPlan() with { MaxChunkBytes = 1000 },
            Enumerable.Range(0, 20).Select(n => new Row(n, new string('x', n == 10 ? 5000 : 200))));

        Assert.Equal((20L, true), (report.Result.Sent, report.Result.Completed));
        Assert.Equal(20, account.Connection.Records.Count);
        Assert.All(
            account.Server.Service.Requests.Where(request => request.BodyLength < 5000),
            request => Assert.InRange(request.BodyLength, 1, 1000 + 150));
    }

    [Fact]
    public async Task A_request_too_large_for_the_service_is_split()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { MaxRequestBytes = 2000 });
        var report = await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 100).Select(n => new Row(n, new string('x', 100))));

        Assert.Equal((100L, true), (report.Result.Sent, report.Result.Completed));
        Assert.Equal(100, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_batch_that_is_kept_open_is_not_queryable_and_is_no_failure()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan() with { KeepBatchOpen = true }, [new Row("a", "1")]);

        Assert.Equal((1L, false), (report.Result.Sent, report.Result.Completed));
        Assert.Null(report.Failure);
        Assert.Empty(account.Connection.Records);
        Assert.False(Assert.Single(account.Connection.Batches).Completed);
    }

    [Fact]
    public async Task Deleting_fewer_than_asked_counts_the_rest_as_skipped_and_warns_with_both_numbers()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { AbsentDelete = AbsentDelete.ShortCount });
        await account.LoadAsync(account.UploadPlan(), [new Row("a", "1"), new Row("b", "1")]);
        var report = await account.LoadAsync(account.DeletePlan(), [new Row("a", ""), new Row("b", ""), new Row("c", "")]);

        Assert.Equal((3L, 2L, 1L, true), (report.Result.Read, report.Result.Sent, report.Result.Skipped, report.Result.Completed));
        Assert.Contains("3", Assert.Single(account.Warnings), StringComparison.Ordinal);
        Assert.Contains("2", account.Warnings[0], StringComparison.Ordinal);
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task Deleting_a_single_absent_key_is_a_reject_with_the_services_words()
    {
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.DeletePlan(), [new Row("nobody", "")]);

        var rejection = Assert.Single(report.Rejections);
        Assert.Equal((400, "\"nobody\""), (rejection.StatusCode, rejection.PrimaryKey));
        Assert.NotNull(rejection.RequestId);
    }

    [Theory]
    [InlineData(BadRequestScope.WholeRequest)]
    [InlineData(BadRequestScope.BadItemsOnly)]
    public async Task Absent_keys_among_others_are_skipped_and_the_others_deleted(BadRequestScope scope)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { BadRequestScope = scope });
        await account.LoadAsync(account.UploadPlan(), Enumerable.Range(0, 10).Select(n => new Row(n, "1")));
        var report = await account.LoadAsync(account.DeletePlan(), Enumerable.Range(0, 12).Select(n => new Row(n, "")));

        Assert.Equal(0, report.Result.Rejected);
        Assert.Equal(12, report.Result.Sent + report.Result.Skipped);
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task Cancelling_accounts_for_every_record()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { NeverAnswer = true } });
        using var stop = new CancellationTokenSource();
        var load = account.LoadAsync(account.UploadPlan(batchSize: 10), Enumerable.Range(0, 1000).Select(n => new Row(n, "a")), stop: stop);
        while (account.Server.Service.RequestCount < 4)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        var report = await load;

        Assert.False(report.Result.Completed);
        Assert.Equal(40, report.Result.Unknown);
        Assert.Equal(report.Result.Read, report.Result.Unknown + report.Result.NotSent);
    }

    [Fact]
    public async Task A_chunk_that_shares_a_key_with_one_whose_outcome_is_unknown_is_not_sent()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                KeepBodies = true,
                FaultPlan = request => request.BodyText()!.Contains("poison", StringComparison.Ordinal) ? new Fault { StatusCode = 500 } : null,
            },
            new Core.Http.TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(
            account.UpdatePlan(batchSize: 2),
            [new Row("a", "poison"), new Row("b", "1"), new Row("a", "newer"), new Row("c", "1"), new Row("c", "2"), new Row("d", "1"), new Row("e", "1"), new Row("f", "1")]);

        Assert.Equal(2, report.Result.Unknown);
        Assert.Equal(4, report.Result.NotSent);
        Assert.DoesNotContain(account.Server.Service.Requests, request => request.BodyText()!.Contains("newer", StringComparison.Ordinal));
    }

    private static string? ValueOf(string? json) => JsonDocument.Parse(json!).RootElement.GetProperty("value").GetString();
}
