using System.Globalization;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>
/// 300 requests against a limit that nobody has told the governor, over real HTTP and by a clock that jumps; by one load
/// with four requests in flight, or by several such loads.
/// </summary>
internal sealed class LimitedRun
{
    private const int Requests = 300;

    private LimitedRun(TimeSpan took, TimeSpan best, int refused, int governors)
    {
        Took = took;
        Best = best;
        Refused = refused;
        Governors = governors;
    }

    /// <summary>What was achieved of what the limiter allows at best, in requests a second.</summary>
    internal double Share => Best / Took;

    /// <summary>How many of the requests were answered 429, for each of the 300.</summary>
    internal double RefusedShare => (double)Refused / Requests;

    /// <summary>How many governors there are for the emulator's address.</summary>
    internal int Governors { get; }

    private TimeSpan Took { get; }

    private TimeSpan Best { get; }

    private int Refused { get; }

    /// <summary>How the answers speak of the limit: each way must do.</summary>
    internal static TheoryData<Limiter, bool, bool, RetryAfterForm> Cases()
    {
        var data = new TheoryData<Limiter, bool, bool, RetryAfterForm>();
        foreach (var limiter in Enum.GetValues<Limiter>())
        {
            data.Add(limiter, false, false, default);
            data.Add(limiter, true, false, RetryAfterForm.Seconds);
            data.Add(limiter, true, false, RetryAfterForm.HttpDate);
            data.Add(limiter, false, true, default);
            data.Add(limiter, true, true, RetryAfterForm.Seconds);
        }

        return data;
    }

    internal static async Task<LimitedRun> RunAsync(Limiter limiter, bool retryAfter, bool headers, RetryAfterForm form, int loads)
    {
        using var time = new VirtualTime();
        var options = new TransportOptions { TimeProvider = time };
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                RateLimit = limiter.Limit(),
                SendRetryAfter = retryAfter,
                RetryAfterForm = form,
                SendRateLimitHeaders = headers,
            },
            options);

        // Not on a full second: rounding is part of what the governor has to live with.
        await Task.Delay(TimeSpan.FromSeconds(0.37), time, TestContext.Current.CancellationToken);
        var started = time.Elapsed;
        var reports = await Task.WhenAll(Enumerable.Range(0, loads).Select(load => LoadAsync(account, options, load, Requests / loads)));
        var took = time.Elapsed - started;

        Assert.All(reports, report => Assert.True(report.Result.Completed));
        var host = $"{account.Server.BaseAddress.IdnHost}:{account.Server.BaseAddress.Port}";
        return new LimitedRun(
            took,
            limiter.BestTime(Requests),
            account.Server.Service.Requests.Count(request => request.StatusCode == 429),
            GovernorRegistry.Keys.Count(key => key.Host == host && key.TimeProvider == time));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Took.TotalSeconds:F2} s where {Best.TotalSeconds:F2} s is best: {Share:F3}; {Refused} answered 429: {RefusedShare:P1}");

    private static async Task<LoadReport> LoadAsync(EmulatedAccount account, TransportOptions options, int load, int requests)
    {
        // As many runspaces would: a session each, with the same key.
        using var client = account.NewClient(account.Brand.ApiKey, account.Brand.BrandKey, options);
        return await account.LoadAsync(
            account.UploadPlan(batchSize: 1),
            Enumerable.Range(0, requests).Select(n => new Row((load * requests) + n, "a")),
            client);
    }
}
