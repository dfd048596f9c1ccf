using OptimoveDC.Core.Http;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>What the governor makes of the answers, and how it gets rid of it again.</summary>
public sealed class LearningTests
{
    private static readonly SlidingWindow Twenty = new(20, TimeSpan.FromSeconds(10));
    private static readonly SlidingWindow Fifty = new(50, TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Without_a_limit_nothing_is_learned_and_nobody_waits()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(new EmulatorOptions { TimeProvider = time }, new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 100);

        Assert.Equal(TimeSpan.Zero, report.Result.Waited);
        Assert.Null(account.Client.CurrentLimit);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(60, true)]
    [InlineData(10, false)]
    [InlineData(60, false)]
    public async Task Count_and_window_are_learned_when_the_same_limit_is_met_again(int seconds, bool retryAfter)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new SlidingWindow(30, TimeSpan.FromSeconds(seconds)), SendRetryAfter = retryAfter },
            new TransportOptions { TimeProvider = time });
        await LoadAsync(account, 45);
        Assert.Null(account.Client.CurrentLimit);
        await LoadAsync(account, 45);

        Assert.Equal(new RequestLimit(30, TimeSpan.FromSeconds(seconds), IsFixed: false), account.Client.CurrentLimit);
    }

    [Fact]
    public async Task A_pause_in_the_use_is_not_taken_for_a_part_of_the_window()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = Fifty },
            new TransportOptions { TimeProvider = time });
        await LoadAsync(account, 30);
        await Task.Delay(TimeSpan.FromMinutes(2), time, TestContext.Current.CancellationToken);
        await LoadAsync(account, 180);

        Assert.Equal("50 per 10 s", account.Client.CurrentLimit?.ToString());
    }

    [Fact]
    public async Task Headers_show_the_limit_before_it_is_met()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = Twenty, SendRateLimitHeaders = true },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 100);

        Assert.Equal(0, report.Result.Throttled);
        Assert.Equal("20 per 10 s", account.Client.CurrentLimit?.ToString());
        Assert.Empty(account.Pauses);
    }

    [Fact]
    public async Task Headers_that_speak_of_another_limit_are_seen_through()
    {
        using var time = new VirtualTime();
        var daily = new Dictionary<string, string>
        {
            ["X-RateLimit-Limit"] = "100000",
            ["X-RateLimit-Remaining"] = "90000",
            ["X-RateLimit-Reset"] = VirtualTime.Epoch.AddDays(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = Twenty, FaultPlan = _ => new Fault { Headers = daily } },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 200);

        Assert.True(report.Result.Completed);
        // One in twenty at most: the limit is met a few times, and then tested every second window.
        Assert.InRange(report.Result.Throttled, 1, 10);
        Assert.Equal("20 per 10 s", account.Client.CurrentLimit?.ToString());
    }

    [Theory]
    [InlineData(86400)]
    [InlineData(10)]
    public async Task Headers_that_say_there_is_no_room_are_seen_through_when_there_is(int resetsInSeconds)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                FaultPlan = _ => new Fault
                {
                    Headers = new Dictionary<string, string>
                    {
                        ["X-RateLimit-Limit"] = "100",
                        ["X-RateLimit-Remaining"] = "0",
                        ["X-RateLimit-Reset"] = (VirtualTime.Epoch + time.Elapsed).AddSeconds(resetsInSeconds).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
                    },
                },
            },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 50);

        Assert.True(report.Result.Completed);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(15), $"{time.Elapsed}");
    }

    [Fact]
    public async Task A_long_pause_that_headers_announce_is_made_when_a_429_bears_it_out()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new FixedWindow(20, TimeSpan.FromMinutes(10)), SendRateLimitHeaders = true },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 70);

        Assert.True(report.Result.Completed);

        // Those that were under way with the first may be refused as well.
        Assert.InRange(report.Result.Throttled, 1, 4);
        Assert.InRange(time.Elapsed, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
    }

    [Fact]
    public async Task A_limit_that_was_raised_is_found_out_and_used()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = Twenty },
            new TransportOptions { TimeProvider = time });
        await LoadAsync(account, 60);
        Assert.Equal(20, account.Client.CurrentLimit?.Requests);

        account.Options.RateLimit = Fifty;
        var report = await LoadAsync(account, 800);
        Assert.Equal("50 per 10 s", account.Client.CurrentLimit?.ToString());
        Assert.InRange(report.Result.Throttled, 1, 15);
    }

    [Fact]
    public async Task A_limit_that_was_lowered_is_found_out_and_kept()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = Fifty },
            new TransportOptions { TimeProvider = time });
        await LoadAsync(account, 120);
        Assert.Equal(50, account.Client.CurrentLimit?.Requests);

        account.Options.RateLimit = Twenty;
        var report = await LoadAsync(account, 300);
        Assert.Equal("20 per 10 s", account.Client.CurrentLimit?.ToString());
        Assert.InRange(report.Result.Throttled, 1, 15);
    }

    [Theory]
    [InlineData("""{"status":429,"error":"Too Many Requests","retry_after":45}""")]
    [InlineData("""{"error":{"code":"RATE","message":"slow down","details":{"retryAfter":"45"}}}""")]
    [InlineData("""{"message":"Too many requests, please try again in 45 seconds."}""")]
    public async Task The_words_of_a_429_are_heeded_where_no_header_says(string body)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence == 1 ? new Fault { StatusCode = 429, Body = body } : null },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 1);

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(45.5));
        Assert.EndsWith("asked for a pause in its message", Assert.Single(account.Pauses).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_is_read_against_the_clock_of_the_service()
    {
        using var time = new VirtualTime();
        var hour = VirtualTime.Epoch.AddHours(-7);
        var headers = new Dictionary<string, string>
        {
            ["Date"] = hour.ToString("R"),
            ["X-RateLimit-Reset"] = hour.AddSeconds(40).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = request => request.Sequence == 1 ? new Fault { StatusCode = 429, Headers = headers } : null },
            new TransportOptions { TimeProvider = time });
        var report = await LoadAsync(account, 1);

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(40.5));
    }

    private static Task<LoadReport> LoadAsync(EmulatedAccount account, int requests) =>
        account.LoadAsync(account.UploadPlan(batchSize: 1), Enumerable.Range(0, requests).Select(n => new Row(n, "a")));
}
