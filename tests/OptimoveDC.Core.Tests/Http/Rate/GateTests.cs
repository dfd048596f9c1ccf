using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>The gate that a 429 closes: who waits, for how long, who is told, and when it is given up.</summary>
public sealed class GateTests
{
    private static readonly Fault Later = new() { StatusCode = 429, Headers = RetryAfter("30") };

    [Fact]
    public async Task All_requests_wait_at_one_gate_and_the_user_is_told_once()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new FixedWindow(10, TimeSpan.FromMinutes(1)) },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(20));

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Throttled, 1, 4);
        var (reason, wait) = Assert.Single(account.Pauses);
        Assert.Equal("The service answered 429 (too many requests) and asked for a pause by Retry-After", reason);
        Assert.InRange(wait, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(60.5));
    }

    [Fact]
    public async Task A_gate_that_is_closed_again_is_told_again()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence is 3 or 8 or 9 ? Later : null },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 1 }, Rows(10));

        // Each of the three found it open: the third because the second, that asked after the pause, was refused again.
        Assert.Equal(3, report.Result.Throttled);
        Assert.Equal(3, account.Pauses.Count);
    }

    [Fact]
    public async Task A_load_hears_of_a_gate_that_another_one_closed()
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence == 1 ? Later : null },
            options);
        using var other = account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, options);
        var refused = account.LoadAsync(account.UploadPlan(), Rows(1));
        await WaitForAsync(() => account.Pauses.Count == 1);
        var bystander = await account.LoadAsync(account.UploadPlan(), Rows(1), other);

        Assert.Equal(1, (await refused).Result.Throttled);
        Assert.Equal(0, bystander.Result.Throttled);
        Assert.Equal(2, account.Pauses.Count);
        Assert.All(account.Server.Service.Requests.Skip(1), request => Assert.True(request.ReceivedAt >= VirtualTime.Epoch.AddSeconds(30)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT")]
    public async Task A_service_that_says_now_again_and_again_is_asked_less_and_less_often(string retryAfter)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => new Fault { StatusCode = 429, Headers = RetryAfter(retryAfter) } },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(), Rows(1));

        Assert.Equal(ErrorCondition.RateLimitExceeded, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(1, report.Result.NotSent);
        Assert.InRange(report.Result.Requests, 10, 60);
        Assert.InRange(time.Elapsed, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
    }

    [Theory]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task A_pause_beyond_all_patience_ends_the_load_at_once_with_the_429(string retryAfter)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => new Fault { StatusCode = 429, Headers = RetryAfter(retryAfter) } },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(10));

        Assert.Equal(ErrorCondition.RateLimitExceeded, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(report.Result.Read, report.Result.NotSent);
        Assert.InRange(report.Result.Requests, 1, 4);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(1));
        Assert.Empty(account.Pauses);
    }

    [Fact]
    public async Task A_gate_that_stays_closed_for_a_day_is_asked_once_a_minute_at_most_and_opens_when_the_answer_is_good()
    {
        using var time = new VirtualTime();
        var isBarred = true;
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => isBarred ? new Fault { StatusCode = 429, Headers = RetryAfter("86400") } : null },
            new TransportOptions { TimeProvider = time });
        var first = await account.LoadAsync(account.UploadPlan(), Rows(1));
        var second = await account.LoadAsync(account.UploadPlan(), Rows(1));
        Assert.All([first, second], report => Assert.Equal(ErrorCondition.RateLimitExceeded, Assert.IsType<ServiceException>(report.Failure).Condition));
        Assert.Equal(1, account.Server.Service.RequestCount);

        isBarred = false;
        await Task.Delay(TimeSpan.FromMinutes(2), time, TestContext.Current.CancellationToken);
        var third = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(10));
        Assert.True(third.Result.Completed);
        Assert.Equal(10, third.Result.Requests);
    }

    [Fact]
    public async Task Patience_runs_from_the_last_request_let_through_and_not_from_the_start()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new FixedWindow(1, TimeSpan.FromMinutes(10)) },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 1 }, Rows(6));

        Assert.True(report.Result.Completed);
        Assert.True(time.Elapsed > TimeSpan.FromMinutes(45));
    }

    [Fact]
    public async Task Patience_is_the_loads_and_not_each_requests_own()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => new Fault { StatusCode = 429, Headers = RetryAfter("480") } },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(100));

        // Eight minutes are waited for, another eight would be too much, for the load as for each of its requests.
        Assert.Equal(ErrorCondition.RateLimitExceeded, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(report.Result.Read, report.Result.NotSent);
        Assert.InRange(time.Elapsed, TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(9));
        Assert.InRange(report.Result.Requests, 2, 5);
    }

    [Fact]
    public async Task A_source_that_takes_its_time_costs_no_patience()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence % 2 == 0 ? Later : null },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(
            account.UploadPlan(batchSize: 1) with { MaxThrottleWait = TimeSpan.FromMinutes(1) },
            new SlowSource(new RowSource(Rows(5)), TimeSpan.FromMinutes(20), time));

        Assert.True(report.Result.Completed);
        Assert.True(report.Result.Throttled >= 2);
        Assert.True(time.Elapsed > TimeSpan.FromMinutes(80));
    }

    [Fact]
    public async Task Waiting_at_the_gate_does_not_count_towards_the_timeout_of_an_attempt()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence == 1 ? Later : null },
            new TransportOptions { TimeProvider = time, AttemptTimeout = TimeSpan.FromSeconds(20) });
        var report = await account.LoadAsync(account.UploadPlan(), Rows(1));

        Assert.True(report.Result.Completed);
        Assert.Equal(0, report.Result.Retries);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30.5));
    }

    [Fact]
    public async Task A_request_cancelled_at_the_gate_was_surely_not_sent()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = 429, Headers = RetryAfter("600") } });
        using var stop = new CancellationTokenSource();
        var told = new TaskCompletionSource();
        var request = account.Client.DeleteAsync(account.Connection.Id, Body, new RequestMeter { Throttling = (_, _) => told.SetResult() }, new RetryBudget(), stop.Token);
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        await Assert.ThrowsAsync<RequestNotSentException>(() => request);
        Assert.Equal(1, account.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_request_cancelled_on_its_way_may_have_been_carried_out()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { NeverAnswer = true } });
        using var stop = new CancellationTokenSource();
        var request = account.Client.DeleteAsync(account.Connection.Id, Body, new RequestMeter(), new RetryBudget(), stop.Token);
        await WaitForAsync(() => account.Server.Service.RequestCount == 1);
        await stop.CancelAsync();

        Assert.IsNotType<RequestNotSentException>(await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request));
    }

    [Fact]
    public async Task Disconnecting_ends_the_wait_at_the_gate()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = 429, Headers = RetryAfter("600") } });
        var client = account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey);
        var told = new TaskCompletionSource();
        var request = client.DeleteAsync(account.Connection.Id, Body, new RequestMeter { Throttling = (_, _) => told.SetResult() }, new RetryBudget(), CancellationToken.None);
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
        client.Dispose();

        var exchange = await request;
        Assert.Equal((TransportFault.NotReached, "the session was disconnected", false), (exchange.Fault, exchange.FaultMessage, exchange.IsUnheard));
    }

    [Fact]
    public async Task After_a_gate_one_request_goes_first_and_the_others_need_not_wait_if_it_takes_its_time()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                FaultPlan = request => request.Sequence switch
                {
                    // Answered when all four are there: one that came after the first answer would wait at the gate instead.
                    <= 4 => new Fault { StatusCode = 429, Headers = RetryAfter("29"), Delay = TimeSpan.FromSeconds(1) },
                    5 => new Fault { Delay = TimeSpan.FromSeconds(50) },
                    _ => null,
                },
            },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(20));

        // All but the one that takes its time and the one that completes the batch.
        Assert.True(report.Result.Completed);
        var after = account.Server.Service.Requests.Skip(4).Select(request => request.ReceivedAt - VirtualTime.Epoch).Order().ToList();
        Assert.Equal(20, after.Count);
        Assert.InRange(after[0], TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30.5));
        Assert.InRange(after[1], TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(32.6));
        Assert.InRange(after[18], TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task A_load_has_as_many_requests_under_way_as_it_was_told_from_the_start()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, Latency = TimeSpan.FromSeconds(1) },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 12 }, Rows(13));

        // Twelve at once, and then the one that completes the batch.
        Assert.True(report.Result.Completed);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task Four_loads_that_share_a_limit_get_equal_shares()
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new SlidingWindow(8, TimeSpan.FromSeconds(10)) },
            options);
        var clients = Enumerable.Range(0, 4).Select(_ => account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, options)).ToList();
        await Task.WhenAll(clients.Select((client, load) => account.LoadAsync(
            account.UploadPlan(batchSize: 1),
            Enumerable.Range(0, 20).Select(n => new Row((load * 100) + n, "a")),
            client)));
        clients.ForEach(client => client.Dispose());

        // The first eight were a race; from then on whoever came first goes first.
        var shared = account.Server.Service.Arrivals
            .Skip(8)
            .Take(40)
            .GroupBy(arrival => int.Parse(arrival.KeyJson, System.Globalization.CultureInfo.InvariantCulture) / 100)
            .ToDictionary(load => load.Key, load => load.Count());
        Assert.Equal(4, shared.Count);
        Assert.All(shared.Values, count => Assert.InRange(count, 6, 14));
    }

    private static JsonBody Body => new("""{"primary_keys":["1"]}"""u8.ToArray());

    private static IEnumerable<Row> Rows(int count) => Enumerable.Range(0, count).Select(n => new Row(n, "a"));

    private static Dictionary<string, string> RetryAfter(string value) => new() { ["Retry-After"] = value };

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
