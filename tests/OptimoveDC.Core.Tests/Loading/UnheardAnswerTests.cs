using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Tests.Faults;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>What a later answer means when an earlier one was never heard.</summary>
public sealed class UnheardAnswerTests
{
    /// <summary>Ways to lose the answer of a request that was carried out.</summary>
    public enum Loss
    {
        ResetAfterBody,
        CutAnswer,
        GarbledAnswer,
        TooLate,
        ServerError,
    }

    [Theory]
    [InlineData(Loss.ResetAfterBody)]
    [InlineData(Loss.CutAnswer)]
    [InlineData(Loss.GarbledAnswer)]
    [InlineData(Loss.TooLate)]
    [InlineData(Loss.ServerError)]
    public async Task A_closing_request_whose_answer_is_lost_is_repeated_byte_for_byte_and_counted_once(Loss loss)
    {
        await using var account = ProxiedAccount.Open();
        Lose(account, loss, request => request.Number == 3);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 2) with { ThrottleLimit = 1 }, Enumerable.Range(0, 6).Select(n => new Row(n, "a")));

        Assert.Equal((6L, 6L, 0L, true), (report.Result.Read, report.Result.Sent, report.Result.Unknown, report.Result.Completed));
        Assert.Null(report.Failure);
        var closings = Closings(account);
        Assert.Equal(2, closings.Count);
        Assert.Equal(closings[0].BodyText(), closings[1].BodyText());
        AssertNothingElseAfterCompletion(account, repetitions: 1);
        Assert.Equal(6, account.Connection.Records.Count);
    }

    [Theory]
    [InlineData(Loss.ResetAfterBody)]
    [InlineData(Loss.TooLate)]
    public async Task The_record_sent_again_to_close_a_batch_is_repeated_in_the_same_way_and_counted_once(Loss loss)
    {
        await using var account = ProxiedAccount.Open(RefuseBadValues);
        Lose(account, loss, request => request.Number == 3);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 1 }, [new Row("a", "good"), new Row("b", "bad")]);

        Assert.Equal((1L, 1L, 0L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown, report.Result.Completed));
        Assert.Equal(2, Closings(account).Skip(1).Count(request => request.BodyText()!.Contains("\"good\"", StringComparison.Ordinal)));
        Assert.Single(Closings(account).Skip(1).Select(request => request.BodyText()).Distinct());
        AssertNothingElseAfterCompletion(account, repetitions: 1);
    }

    [Theory]
    [InlineData(Loss.ResetAfterBody)]
    [InlineData(Loss.TooLate)]
    public async Task A_closing_request_whose_every_answer_is_lost_leaves_its_records_unknown_and_says_so(Loss loss)
    {
        await using var account = ProxiedAccount.Open();
        Lose(account, loss, request => request.Number >= 3);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 2) with { ThrottleLimit = 1 }, Enumerable.Range(0, 5).Select(n => new Row(n, "a")));

        Assert.Equal((4L, 1L, 0L, false), (report.Result.Sent, report.Result.Unknown, report.Result.NotSent, report.Result.Completed));
        Assert.True(report.Failure is not null || account.Warnings.Count > 0);
        Assert.Single(Closings(account).Select(request => request.BodyText()).Distinct());
        AssertNothingElseAfterCompletion(account, repetitions: Closings(account).Count - 1);
    }

    [Theory]
    [InlineData(ProxyFaultKind.ResetAfterBody, 400)]
    [InlineData(ProxyFaultKind.ResetAfterBody, 404)]
    [InlineData(ProxyFaultKind.ResetAfterBody, 413)]
    [InlineData(ProxyFaultKind.ResetAfterBody, 422)]
    [InlineData(ProxyFaultKind.ResetBeforeBody, 400)]
    [InlineData(ProxyFaultKind.Stall, 422)]
    [InlineData(ProxyFaultKind.CutAnswer, 400)]
    public async Task A_closing_request_refused_after_an_unheard_attempt_is_unknown_and_nothing_more_arrives(ProxyFaultKind fault, int status)
    {
        // Whether the first attempt was carried out is for the service to know: the engine sees the same either way.
        await using var account = ProxiedAccount.Open();
        account.Proxy.Plan = request => request.Number == 2 ? new ProxyFault(fault) : null;
        var closing = 0;
        account.Options.FaultPlan = request => IsClosing(request) && (++closing == 2 || fault is ProxyFaultKind.ResetBeforeBody or ProxyFaultKind.Stall) ? new Fault { StatusCode = status } : null;
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 3) with { ThrottleLimit = 1 }, Enumerable.Range(0, 6).Select(n => new Row(n, "a")));

        Assert.Equal((3L, 0L, 3L, false), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown, report.Result.Completed));
        Assert.NotNull(report.Failure);
        Assert.Equal(status, account.Requests.Last().StatusCode);
        Assert.Equal(3, account.Proxy.Requests.Count);
        Assert.Single(Closings(account).Select(request => request.BodyText()).Distinct());
    }

    [Fact]
    public async Task A_closing_request_refused_after_a_429_is_divided_as_any_other()
    {
        // A request that was told to slow down was not carried out: nothing is in doubt.
        await using var account = ProxiedAccount.Open(RefuseBadValues);
        var closing = 0;
        account.Options.FaultPlan = request => IsClosing(request) && ++closing == 1 ? new Fault { StatusCode = 429 } : null;
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("a", "good"), new Row("b", "bad"), new Row("c", "good")]);

        Assert.Equal((2L, 1L, 0L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown, report.Result.Completed));
        Assert.Equal(["\"a\"", "\"c\""], account.Connection.Records.Select(record => record.KeyJson).Order());
    }

    [Fact]
    public async Task The_record_that_closes_is_the_last_accepted_in_the_source_however_late_an_earlier_one_was()
    {
        await using var account = ProxiedAccount.Open(RefuseBadValues);
        account.Options.FaultPlan = request => request.BodyText()!.Contains("slow", StringComparison.Ordinal) ? new Fault { Delay = TimeSpan.FromMinutes(1) } : null;
        var report = await account.LoadAsync(
            account.UploadPlan(batchSize: 2),
            [new Row("a", "slow"), new Row("b", "slow"), new Row("c", "quick"), new Row("d", "quick"), new Row("e", "bad")]);

        Assert.Equal((4L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        var closing = JsonDocument.Parse(account.Requests.Last().BodyText()!).RootElement;
        Assert.True(closing.GetProperty("batch_completed").GetBoolean());
        Assert.Equal("d", Assert.Single(closing.GetProperty("data").EnumerateArray()).GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task When_nothing_was_accepted_no_batch_is_completed()
    {
        await using var account = ProxiedAccount.Open(RefuseBadValues);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), [new Row("a", "bad"), new Row("b", "bad"), new Row("c", "bad")]);

        Assert.Equal((0L, 3L, false), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.DoesNotContain(account.Connection.Batches, batch => batch.Completed);
    }

    [Theory]
    [InlineData(1, Loss.ResetAfterBody)]
    [InlineData(1, Loss.TooLate)]
    [InlineData(1, Loss.ServerError)]
    [InlineData(4, Loss.ResetAfterBody)]
    [InlineData(4, Loss.TooLate)]
    public async Task A_delete_whose_success_was_lost_and_that_is_then_refused_is_skipped_with_a_warning(int count, Loss loss)
    {
        await using var account = ProxiedAccount.Open();
        var keys = Enumerable.Range(0, count).Select(n => $"k{n}").ToArray();
        await account.HoldAsync(keys);
        Lose(account, loss, request => request.Number == 1);
        var report = await account.LoadAsync(account.DeletePlan(), keys.Select(key => new Row(key, "")));

        Assert.Equal((0L, (long)count, 0L, true), (report.Result.Rejected, report.Result.Skipped, report.Result.Unknown, report.Result.Completed));
        Assert.Contains(account.Warnings, warning => warning.Contains($"\"{keys[0]}\"", StringComparison.Ordinal) && warning.Contains($"{count}", StringComparison.Ordinal));
        Assert.Empty(account.Connection.Records);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_key_that_an_earlier_chunk_deleted_and_a_later_one_is_refused_for_is_skipped_with_a_warning(int batchSize)
    {
        await using var account = ProxiedAccount.Open();
        await account.HoldAsync("a", "b", "c");
        var report = await account.LoadAsync(account.DeletePlan(batchSize), [new Row("a", ""), new Row("b", ""), new Row("a", ""), new Row("c", "")]);

        Assert.Equal((3L, 0L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Skipped, report.Result.Completed));
        Assert.Contains(account.Warnings, warning => warning.Contains("\"a\"", StringComparison.Ordinal));
        Assert.Empty(account.Connection.Records);
    }

    [Fact]
    public async Task Keys_found_deleted_already_are_no_reason_to_give_a_load_up()
    {
        await using var account = ProxiedAccount.Open();
        var keys = Enumerable.Range(0, 25).Select(n => $"k{n}").ToArray();
        await account.HoldAsync(keys);
        Lose(account, Loss.ResetAfterBody, request => request.Number == 1);
        var report = await account.LoadAsync(account.DeletePlan(), keys.Select(key => new Row(key, "")));

        Assert.Null(report.Failure);
        Assert.Equal((25L, 0L, 0L), (report.Result.Skipped, report.Result.Rejected, report.Result.NotSent));
    }

    [Theory]
    [InlineData(LoadOperation.Upload, Loss.ResetAfterBody)]
    [InlineData(LoadOperation.Upload, Loss.ServerError)]
    [InlineData(LoadOperation.Update, Loss.ResetAfterBody)]
    [InlineData(LoadOperation.Update, Loss.TooLate)]
    public async Task A_refusal_after_an_unheard_attempt_is_asked_again_and_an_accepted_record_is_sent(LoadOperation operation, Loss loss)
    {
        await using var account = ProxiedAccount.Open();
        await account.HoldAsync("a");
        Lose(account, loss, request => request.Number == 1, refusals: 1);
        var report = await account.LoadAsync(PlanOf(account, operation), [new Row("a", "new")]);

        Assert.Equal((1L, 0L, 0L), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown));
        Assert.Null(report.Failure);
        Assert.Equal(3, account.Proxy.Requests.Count);
    }

    [Theory]
    [InlineData(LoadOperation.Upload)]
    [InlineData(LoadOperation.Update)]
    public async Task A_record_refused_once_more_without_a_doubt_is_rejected(LoadOperation operation)
    {
        await using var account = ProxiedAccount.Open();
        await account.HoldAsync("a");
        Lose(account, Loss.ResetAfterBody, request => request.Number == 1, refusals: int.MaxValue);
        var report = await account.LoadAsync(PlanOf(account, operation), [new Row("a", "new")]);

        Assert.Equal((0L, 1L, 0L), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown));
        Assert.Equal(account.Requests.Last().RequestId, Assert.Single(report.Rejections).RequestId);
        Assert.InRange(account.Proxy.Requests.Count, 3, 4);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public async Task Records_whose_refusal_stays_in_doubt_are_unknown_with_a_warning_and_never_rejected(bool isNamed, int refused)
    {
        // Of every request the first attempt is lost, so that each refusal follows one that nobody heard of.
        await using var account = ProxiedAccount.Open(options =>
        {
            RefuseBadValues(options);
            options.AbsentUpdate = AbsentUpdate.Insert;
            options.NameBadKeysStructurally = isNamed;
        });
        account.Proxy.Plan = request => request.Number % 2 == 1 ? new ProxyFault(ProxyFaultKind.ResetAfterBody) : null;
        var report = await account.LoadAsync(account.UpdatePlan(), Enumerable.Range(0, 8).Select(n => new Row(n, n < refused ? "bad" : "good")));

        Assert.Equal((8L - refused, 0L, (long)refused), (report.Result.Sent, report.Result.Rejected, report.Result.Unknown));
        Assert.NotEmpty(account.Warnings);
    }

    [Theory]
    [InlineData(LoadOperation.Upload)]
    [InlineData(LoadOperation.Update)]
    [InlineData(LoadOperation.Delete)]
    public async Task A_401_after_an_unheard_attempt_stops_the_load_with_its_records_unknown(LoadOperation operation)
    {
        await using var account = ProxiedAccount.Open();
        await account.HoldAsync("a", "b");
        Lose(account, Loss.ResetAfterBody, request => request.Number == 1, refusals: int.MaxValue, status: 401);
        var report = await account.LoadAsync(PlanOf(account, operation) with { ThrottleLimit = 1, BatchSize = 1 }, [new Row("a", "new"), new Row("b", "new")]);

        Assert.Equal(ErrorCondition.AuthenticationFailed, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal((1L, report.Result.Read - 1, false), (report.Result.Unknown, report.Result.NotSent, report.Result.Completed));
        Assert.Equal(2, account.Proxy.Requests.Count);
    }

    private static Core.Loading.LoadPlan PlanOf(ProxiedAccount account, LoadOperation operation) => operation switch
    {
        // Kept open, so that no request is a closing one: those have a rule of their own.
        LoadOperation.Upload => account.UploadPlan() with { KeepBatchOpen = true },
        LoadOperation.Update => account.UpdatePlan(),
        _ => account.DeletePlan(),
    };

    private static void RefuseBadValues(EmulatorOptions options) =>
        options.RejectRecord = element => element.ValueKind == JsonValueKind.Object && element.GetProperty("value").GetString() == "bad";

    private static bool IsClosing(LoggedRequest request) => request.BodyText()!.Contains("\"batch_completed\":true", StringComparison.Ordinal);

    private static List<LoggedRequest> Closings(ProxiedAccount account) => [.. account.Requests.Where(IsClosing)];

    private static void AssertNothingElseAfterCompletion(ProxiedAccount account, int repetitions)
    {
        var batch = account.Connection.Batches[^1];
        Assert.True(batch.Completed);
        Assert.Equal((repetitions, repetitions), (batch.RequestsAfterCompletion, batch.RepeatedClosings));
    }

    /// <summary>Has requests carried out and their answers lost; those after them may be refused, so many of them.</summary>
    private static void Lose(ProxiedAccount account, Loss loss, Func<ProxiedRequest, bool> which, int refusals = 0, int status = 400)
    {
        ProxyFault? fault = loss switch
        {
            Loss.ResetAfterBody => new ProxyFault(ProxyFaultKind.ResetAfterBody),
            Loss.CutAnswer => new ProxyFault(ProxyFaultKind.CutAnswer) { AfterBytes = 40 },
            Loss.GarbledAnswer => new ProxyFault(ProxyFaultKind.GarbledHead),
            _ => null,
        };
        var isLost = false;
        var refused = 0;
        account.Proxy.Plan = request =>
        {
            isLost = which(request);
            return isLost ? fault : null;
        };

        // One request at a time in these tests: what the proxy has just decided is about this one.
        account.Options.FaultPlan = _ => isLost
            ? loss switch
            {
                Loss.TooLate => ProxiedAccount.TooLate,
                Loss.ServerError => new Fault { StatusCode = 500, ApplyFirst = true },
                _ => null,
            }
            : refused++ < refusals ? new Fault { StatusCode = status } : null;
    }
}
