using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http;

/// <summary>What is repeated, what is not, and how long is waited; by a clock that jumps.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(RetryAfterForm.Seconds)]
    [InlineData(RetryAfterForm.HttpDate)]
    public async Task A_429_waits_as_long_as_Retry_After_says_in_both_of_its_forms(RetryAfterForm form)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new FixedWindow(1, TimeSpan.FromMinutes(2)), RetryAfterForm = form },
            new TransportOptions { TimeProvider = time });
        await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("2", "b")]);

        Assert.True(report.Result.Completed);
        Assert.Equal(1, report.Result.Throttled);
        Assert.Equal(0, report.Result.Retries);
        Assert.Equal(2, report.Result.Requests);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(119), TimeSpan.FromSeconds(122));
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(119), TimeSpan.FromSeconds(122));
    }

    [Fact]
    public async Task A_date_in_Retry_After_is_read_against_the_clock_of_the_service()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            FaultOnce(time, new Fault
            {
                StatusCode = 429,
                Headers = new Dictionary<string, string>
                {
                    ["Date"] = VirtualTime.Epoch.AddHours(5).ToString("R"),
                    ["Retry-After"] = VirtualTime.Epoch.AddHours(5).AddSeconds(30).ToString("R"),
                },
            }),
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task A_429_that_says_nothing_is_waited_for_ten_seconds_and_then_twice_as_long()
    {
        using var time = new VirtualTime();
        var left = 2;
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => Interlocked.Decrement(ref left) >= 0 ? new Fault { StatusCode = 429 } : null },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    public async Task A_Retry_After_that_makes_no_sense_counts_as_none(string garbage)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            FaultOnce(time, new Fault { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = garbage } }),
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.True(report.Result.Completed);
        Assert.InRange(report.Result.Waited, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task A_429_beyond_the_budget_ends_the_load_with_what_was_not_sent_counted()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                FaultPlan = _ => new Fault { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "86400" } },
            },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan() with { MaxThrottleWait = TimeSpan.FromMinutes(1) }, [new Row("1", "a"), new Row("2", "b")]);

        Assert.Equal(ErrorCondition.RateLimitExceeded, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(2, report.Result.NotSent);
        Assert.Equal(1, report.Result.Requests);
        Assert.True(time.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_passing_fault_is_repeated_with_the_same_bytes(int status)
    {
        using var time = new VirtualTime();
        var options = FaultOnce(time, new Fault { StatusCode = status });
        options.KeepBodies = true;
        await using var account = EmulatedAccount.Open(options, new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.True(report.Result.Completed);
        Assert.Equal(1, report.Result.Retries);
        Assert.Equal(2, account.Server.Service.Requests.Count);
        Assert.Equal(account.Server.Service.Requests[0].BodyText(), account.Server.Service.Requests[1].BodyText());
    }

    [Theory]
    [InlineData(401, ErrorCondition.AuthenticationFailed)]
    [InlineData(403, ErrorCondition.AccessDenied)]
    [InlineData(404, ErrorCondition.ConnectionNotFound)]
    [InlineData(302, ErrorCondition.UnexpectedResponse)]
    [InlineData(405, ErrorCondition.UnexpectedResponse)]
    public async Task What_a_repetition_cannot_cure_is_asked_once_and_stops_the_load(int status, ErrorCondition condition)
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = status } });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { ThrottleLimit = 1 }, Enumerable.Range(0, 10).Select(n => new Row(n, "a")));

        Assert.Equal(condition, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.Equal(1, account.Server.Service.RequestCount);
        Assert.Equal(0, report.Result.Sent);
        Assert.Equal(report.Result.Read, report.Result.NotSent);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_so_the_keys_never_reach_another_host()
    {
        await using var other = EmulatedAccount.Open();
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = _ => new Fault { StatusCode = 307, Headers = new Dictionary<string, string> { ["Location"] = other.Server.BaseAddress.AbsoluteUri } },
        });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.NotNull(report.Failure);
        Assert.Equal(0, other.Server.Service.RequestCount);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_times_out_and_is_repeated()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            FaultOnce(time, new Fault { NeverAnswer = true }),
            new TransportOptions { TimeProvider = time, AttemptTimeout = TimeSpan.FromMinutes(5) });
        var report = await account.LoadAsync(account.UploadPlan(), [new Row("1", "a")]);

        Assert.True(report.Result.Completed);
        Assert.Equal(1, report.Result.Retries);
        Assert.True(time.Elapsed >= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_service_that_only_fails_is_given_up_within_seconds()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, FaultPlan = _ => new Fault { StatusCode = 500 } },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UpdatePlan(batchSize: 10), Enumerable.Range(0, 1000).Select(n => new Row(n, "a")));

        Assert.Equal(ErrorCondition.ServiceUnavailable, Assert.IsType<ServiceException>(report.Failure).Condition);
        Assert.False(report.Result.Completed);
        Assert.Equal(report.Result.Read, report.Result.Unknown + report.Result.NotSent);
        Assert.InRange(report.Result.Requests, 8, 100);
        Assert.True(time.Elapsed < TimeSpan.FromMinutes(2), $"{time.Elapsed}");
    }

    [Fact]
    public async Task Creating_a_connection_is_not_repeated_after_a_fault_and_says_that_it_may_exist()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = 500, ApplyFirst = true } });
        var refusal = await Assert.ThrowsAsync<ServiceException>(() =>
            account.Client.CreateConnectionAsync("Loyalty", "user_id", "", new RequestMeter(), CancellationToken.None));

        Assert.Equal(ErrorCondition.CreateOutcomeUnknown, refusal.Condition);
        Assert.Equal(1, account.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_success_status_whose_body_says_failure_is_handled_as_a_refusal()
    {
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = _ => new Fault { StatusCode = 200, Body = """{"status":"error","message":"not today"}""" },
        });
        var report = await account.LoadAsync(account.UpdatePlan(), [new Row("1", "a")]);

        Assert.Equal(1, report.Result.Rejected);
        Assert.Equal("not today", Assert.Single(report.Rejections).Reason);
    }

    private static EmulatorOptions FaultOnce(TimeProvider time, Fault fault)
    {
        var left = 1;
        return new EmulatorOptions { TimeProvider = time, FaultPlan = _ => Interlocked.Decrement(ref left) == 0 ? fault : null };
    }
}
