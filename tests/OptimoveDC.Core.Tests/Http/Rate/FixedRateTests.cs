using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>The rate of those who know theirs.</summary>
public sealed class FixedRateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_fixed_rate_is_kept_from_the_first_request_by_all_sessions_of_a_key(int loads)
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time, RequestsPerSecond = 5 };
        await using var account = EmulatedAccount.Open(new EmulatorOptions { TimeProvider = time }, options);
        await LoadAllAsync(account, options, loads, 30 / loads);

        var sent = account.Server.Service.Requests.Select(request => request.ReceivedAt).Order().ToList();
        Assert.Equal(30, sent.Count);
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(0.2)));
        Assert.InRange(sent[^1] - sent[0], TimeSpan.FromSeconds(5.8), TimeSpan.FromSeconds(6));
        Assert.Equal("5 per 1 s", account.Client.CurrentLimit?.ToString());
        Assert.True(account.Client.CurrentLimit?.IsFixed);
    }

    [Fact]
    public async Task A_rate_just_under_the_limit_is_never_refused()
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time, RequestsPerSecond = 4.9 };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new SlidingWindow(50, TimeSpan.FromSeconds(10)) },
            options);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(0, 120));

        Assert.True(report.Result.Completed);
        Assert.Equal(0, report.Result.Throttled);
        Assert.Equal(120, report.Result.Requests);
    }

    [Fact]
    public async Task A_429_closes_the_gate_for_a_fixed_rate_too_and_the_time_lost_is_not_made_up()
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time, RequestsPerSecond = 10 };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                FaultPlan = request => request.Sequence == 5
                    ? new Fault { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "60" } }
                    : null,
            },
            options);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(0, 20));

        Assert.True(report.Result.Completed);
        Assert.Single(account.Pauses);
        var sent = account.Server.Service.Requests.Select(request => request.ReceivedAt).Order().ToList();
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(0.1)));
        Assert.True(sent[^1] - sent[0] >= TimeSpan.FromSeconds(61.8));
    }

    [Fact]
    public async Task A_rate_so_slow_that_it_exceeds_all_patience_is_the_users_own_wish()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time },
            new TransportOptions { TimeProvider = time, RequestsPerSecond = 1.0 / 3600 });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(0, 3));

        Assert.True(report.Result.Completed);
        Assert.True(time.Elapsed >= TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    [InlineData(double.NaN)]
    public async Task A_rate_that_cannot_be_kept_is_refused(double rate)
    {
        await using var account = EmulatedAccount.Open();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, new TransportOptions { RequestsPerSecond = rate }));
    }

    private static Task LoadAllAsync(EmulatedAccount account, TransportOptions options, int loads, int requests) =>
        Task.WhenAll(Enumerable.Range(0, loads).Select(async load =>
        {
            using var client = account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, options);
            await account.LoadAsync(account.UploadPlan(batchSize: 1), Rows(load * requests, requests), client);
        }));

    private static IEnumerable<Row> Rows(int first, int count) => Enumerable.Range(first, count).Select(n => new Row(n, "a"));
}
