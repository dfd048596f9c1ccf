using System.Globalization;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>
/// How close to a limit that nobody has told it the governor keeps, over real HTTP and by a clock that jumps. What is
/// best is worked out from the limiter: the time after which a client that knew it could have its last request accepted.
/// </summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Requests = 300;

    public static TheoryData<string, bool, bool, RetryAfterForm, int> Limiters()
    {
        var data = new TheoryData<string, bool, bool, RetryAfterForm, int>();
        foreach (var limiter in new[] { "sliding", "fixed", "bucket", "bucket by seconds", "bucket by fifths" })
        {
            foreach (var loads in new[] { 1, 4 })
            {
                data.Add(limiter, false, false, RetryAfterForm.Seconds, loads);
                data.Add(limiter, true, false, RetryAfterForm.Seconds, loads);
                data.Add(limiter, true, false, RetryAfterForm.HttpDate, loads);
                data.Add(limiter, false, true, RetryAfterForm.Seconds, loads);
                data.Add(limiter, true, true, RetryAfterForm.Seconds, loads);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Limiters))]
    public async Task A_limit_that_is_not_known_is_used_almost_to_the_full(string limiter, bool retryAfter, bool headers, RetryAfterForm form, int loads)
    {
        using var time = new VirtualTime();
        var limit = LimitOf(limiter);
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                RateLimit = limit,
                SendRetryAfter = retryAfter,
                RetryAfterForm = form,
                SendRateLimitHeaders = headers,
            },
            new TransportOptions { TimeProvider = time });

        // Not on a full second: rounding is part of what the governor has to live with.
        await Task.Delay(TimeSpan.FromSeconds(0.37), time, TestContext.Current.CancellationToken);
        var started = time.Elapsed;
        var reports = await Task.WhenAll(Enumerable.Range(0, loads).Select(load => LoadAsync(account, time, load, Requests / loads)));
        var took = time.Elapsed - started;

        Assert.All(reports, report => Assert.True(report.Result.Completed));
        var refused = account.Server.Service.Requests.Count(request => request.StatusCode == 429);
        var best = BestTime(limit, Requests);
        var share = best / took;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{limiter}, Retry-After {(retryAfter ? form : "none")}, headers {headers}, loads {loads}: {took.TotalSeconds:F2} s, best {best.TotalSeconds:F2} s: {share:F3} of the best, {refused} answered 429 ({100.0 * refused / Requests:F1} %)"));
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"FIG {limiter}, Retry-After {(retryAfter ? form : "none")}, headers {headers}, loads {loads}: {took.TotalSeconds:F2} s, best {best.TotalSeconds:F2} s: {share:F3} of the best, {refused} answered 429 ({100.0 * refused / Requests:F1} %) {account.Client.CurrentLimit}"));
        Assert.InRange(share, retryAfter ? 0.95 : 0.90, 1.0);
        Assert.InRange(refused, 0, Requests * 5 / 100);
    }

    private static async Task<LoadReport> LoadAsync(EmulatedAccount account, TimeProvider time, int load, int requests)
    {
        // As many runspaces would: a session each, with the same key.
        using var client = account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, new TransportOptions { TimeProvider = time });
        return await account.LoadAsync(
            account.UploadPlan(batchSize: 1),
            Enumerable.Range(0, requests).Select(n => new Row((load * requests) + n, "a")),
            client);
    }

    private static RateLimit LimitOf(string limiter) => limiter switch
    {
        "sliding" => new SlidingWindow(50, TimeSpan.FromSeconds(10)),
        "fixed" => new FixedWindow(50, TimeSpan.FromSeconds(10)),
        "bucket" => new TokenBucket(50, 50, TimeSpan.FromSeconds(10)),
        "bucket by seconds" => new TokenBucket(50, 5, TimeSpan.FromSeconds(1)),
        _ => new TokenBucket(50, 1, TimeSpan.FromSeconds(0.2)),
    };

    // When the last of so many requests is accepted, if each is sent at the first moment at which it would be.
    private static TimeSpan BestTime(RateLimit limit, int requests) => limit switch
    {
        SlidingWindow sliding => (requests - 1) / sliding.Requests * sliding.Window,
        FixedWindow window => (requests - 1) / window.Requests * window.Window,
        TokenBucket bucket => Math.Max(0, (requests - bucket.Capacity + bucket.TokensPerPeriod - 1) / bucket.TokensPerPeriod) * bucket.Period,
        _ => throw new ArgumentOutOfRangeException(nameof(limit)),
    };
}
