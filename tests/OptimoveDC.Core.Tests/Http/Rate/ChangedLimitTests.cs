using System.Globalization;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>A limit that changes in the middle of a load.</summary>
public sealed class ChangedLimitTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static TheoryData<Limiter, int, bool> Cases()
    {
        var data = new TheoryData<Limiter, int, bool>();
        foreach (var limiter in new[] { Limiter.FixedWindow, Limiter.SlidingWindow, Limiter.TokenBucket })
        {
            foreach (var requests in new[] { 25, 100 })
            {
                data.Add(limiter, requests, true);
                data.Add(limiter, requests, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_limit_that_is_halved_or_doubled_in_mid_load_is_followed_within_three_of_its_windows(Limiter limiter, int requests, bool retryAfter)
    {
        using var time = new VirtualTime();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions { TimeProvider = time, RateLimit = limiter.Limit(), SendRetryAfter = retryAfter },
            new TransportOptions { TimeProvider = time });
        var load = account.LoadAsync(
            account.UploadPlan(batchSize: 1),
            Enumerable.Range(0, 250 + (7 * requests)).Select(n => new Row(n, "a")));
        while (account.Server.Service.Requests.Count(request => request.StatusCode < 300) < 230)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        var changedAt = VirtualTime.Epoch + time.Elapsed;
        account.Options.RateLimit = limiter.Limit(requests);
        Assert.True((await load).Result.Completed);

        // What was under way at the change belongs to neither limit; then three windows to follow, then three to look at.
        var after = account.Server.Service.Requests.Where(request => request.ReceivedAt > changedAt + (3 * Window)).OrderBy(request => request.ReceivedAt).ToList();
        var first = after[0].ReceivedAt;
        var looked = after.Where(request => request.ReceivedAt < first + (2.9 * Window)).ToList();
        var accepted = looked.Count(request => request.StatusCode < 300);
        var refused = looked.Count - accepted;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accepted} of {3 * requests} accepted, {refused} refused; {account.Client.CurrentLimit}"));
        Assert.True(accepted >= 0.9 * 3 * requests, $"{accepted} of {3 * requests}");
        Assert.InRange(refused, 0, 0.05 * looked.Count);
    }
}
