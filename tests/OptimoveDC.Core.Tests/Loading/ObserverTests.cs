using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>What is told of a load while it runs; and that even a defect on the way leaves an account.</summary>
public sealed class ObserverTests
{
    [Fact]
    public async Task Each_attempt_is_told_with_its_path_status_duration_and_request_id()
    {
        await using var account = EmulatedAccount.Open();
        await account.LoadAsync(account.UploadPlan(), [new Row("secret value", "another")]);

        var told = Assert.Single(account.Attempts).ToString();

        Assert.Matches("^POST /[^ ]*/upload_data -> 200 in [0-9]+ ms, request id [^ ]+$", told);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_that_was_never_answered_says_what_went_wrong()
    {
        await using var account = EmulatedAccount.Open();
        await account.Server.DisposeAsync();
        using var time = new VirtualTime();
        using var client = account.NewClient("key", Guid.NewGuid(), new TransportOptions { TimeProvider = time });

        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")], client);

        Assert.Equal(1, report.Result.Unknown + report.Result.NotSent);
        Assert.All(account.Attempts, attempt => Assert.Matches("^POST /[^ ]*/upload_data -> no connection: .* in [0-9]+ ms$", attempt.ToString()));
    }

    [Fact]
    public async Task Progress_at_the_end_is_the_account()
    {
        await using var account = EmulatedAccount.Open();
        await using var loader = Loader.Start(account.Client, account.UploadPlan(batchSize: 10), new LoadObserver(), TestContext.Current.CancellationToken);
        await using var source = new RowSource([.. Enumerable.Range(0, 25).Select(number => new Row(number, "a")), new Row("", "no key")]);
        Assert.Equal((0L, 0L, 0L), (loader.Progress.Read, loader.Progress.Decided, loader.Progress.Requests));

        var report = await loader.LoadAsync(source);

        Assert.Equal((26L, 26L, 3L), (loader.Progress.Read, loader.Progress.Decided, loader.Progress.Requests));
        Assert.True(loader.Progress.RecordsPerSecond > 0);
        Assert.Null(loader.CurrentLimit);
        Assert.Same(report, await loader.FinishAsync(isDrained: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_defect_on_the_way_of_a_request_stops_the_load_and_every_record_is_still_accounted_for(int request)
    {
        await using var account = EmulatedAccount.Open();
        var attempts = 0;
        var observer = new LoadObserver
        {
            AttemptEnded = _ =>
            {
                if (Interlocked.Increment(ref attempts) == request)
                {
                    throw new InvalidOperationException("a defect");
                }
            },
        };
        await using var source = new RowSource(Enumerable.Range(0, 60).Select(number => new Row(number, "a")));
        await using var loader = Loader.Start(account.Client, account.UploadPlan(batchSize: 10) with { ThrottleLimit = 1 }, observer, TestContext.Current.CancellationToken);

        var report = await loader.LoadAsync(source);

        Assert.Equal("a defect", Assert.IsType<InvalidOperationException>(report.Failure).Message);
        Assert.False(report.Result.Completed);
        Assert.Equal(10, report.Result.Unknown);
        Assert.Equal((request - 1) * 10, report.Result.Sent);
        Assert.Equal(report.Result.Read, report.Result.Sent + report.Result.Unknown + report.Result.NotSent);
    }

    [Theory]
    [InlineData(401, ErrorCondition.AuthenticationFailed)]
    [InlineData(400, ErrorCondition.RequestInvalid)]
    public async Task A_batch_whose_last_word_is_refused_is_open_and_the_error_says_so(int status, ErrorCondition condition)
    {
        // The last chunk's only record is refused, so the batch is completed with the record before: that is refused as well.
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            RejectRecord = record => record.GetProperty("value").GetString() == "bad",
            FaultPlan = request => request.Sequence == 3 ? new Fault { StatusCode = status } : null,
        });

        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 1 }, [new Row(1, "good"), new Row(2, "bad")]);

        Assert.Equal((1L, 1L, false), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        var failure = Assert.IsType<ServiceException>(report.Failure);
        Assert.Equal(condition, failure.Condition);
        Assert.Contains("The batch could not be completed", failure.Message, StringComparison.Ordinal);
    }
}
