using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>The example of docs/rate.md, played.</summary>
public sealed class RatePageTests
{
    [Fact]
    public async Task Fifty_requests_in_ten_seconds_are_learned_as_the_page_says()
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = new FixedWindow(50, TimeSpan.FromSeconds(10)) },
            new TransportOptions { TimeProvider = time });
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Enumerable.Range(0, 301).Select(n => new Row(n, "a")));

        Assert.True(report.Result.Completed);
        var bursts = account.Server.Service.Requests
            .GroupBy(request => request.ReceivedAt)
            .OrderBy(burst => burst.Key)
            .Select(burst => (Seconds: (burst.Key - VirtualTime.Epoch).TotalSeconds, Accepted: burst.Count(request => request.StatusCode < 300), Refused: burst.Count(request => request.StatusCode == 429)))
            .ToList();
        Assert.Equal([50, 50, 50, 50, 50, 50, 1], bursts.Select(burst => burst.Accepted));
        Assert.InRange(bursts[0].Refused, 1, 4);
        Assert.Equal([1, 1, 0, 1, 0, 0], bursts.Skip(1).Select(burst => burst.Refused));
        Assert.Equal([0, 10.3, 20.3, 30.3, 40.3, 50.3, 60.3], bursts.Select(burst => burst.Seconds), (page, played) => Math.Abs(page - played) <= 0.5);
        Assert.Equal("50 per 10 s", account.Client.CurrentLimit?.ToString());
    }
}
