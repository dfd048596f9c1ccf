using OptimoveDC.Core.Http;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>A service without a limit, of which a gateway answers a few requests with 429 at random.</summary>
public sealed class StrayRefusalTests(ITestOutputHelper output)
{
    private const int Requests = 200;

    // Four requests in flight: without a refusal, the 200 take four seconds.
    private static readonly TimeSpan Latency = TimeSpan.FromSeconds(0.08);
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(4, 1)]
    [InlineData(6, 2)]
    [InlineData(9, 3)]
    public async Task Refusals_at_random_cost_what_they_ask_for_and_the_next_load_nothing(int refusals, int seed)
    {
        using var time = new VirtualTime();
        var random = new Random(seed);
        var refused = new HashSet<long>();
        await using var account = EmulatedAccount.Open(
            new EmulatorOptions
            {
                TimeProvider = time,
                Latency = Latency,
                FaultPlan = request => refused.Contains(request.Sequence) ? Stray : null,
            },
            new TransportOptions { TimeProvider = time });
        while (refused.Count < refusals)
        {
            refused.Add(random.Next(1, Requests));
        }

        var first = await TimeAsync(account, time);
        refused.Clear();
        var next = await TimeAsync(account, time);

        output.WriteLine($"{refusals} refusals of {Requests}: {first.TotalSeconds:F2} s; the next load: {next.TotalSeconds:F2} s; limit {account.Client.CurrentLimit}");
        var without = (Requests / 4 * Latency) + (2 * Latency);
        Assert.InRange(first, without, without + (1.5 * refusals * Asked));
        Assert.InRange(next, Requests / 4 * Latency, without + (0.5 * Asked));
    }

    private static Fault Stray => new() { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } };

    private static async Task<TimeSpan> TimeAsync(EmulatedAccount account, VirtualTime time)
    {
        var started = time.Elapsed;
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1), Enumerable.Range(0, Requests).Select(n => new Row(n, "a")));
        Assert.True(report.Result.Completed);
        return time.Elapsed - started;
    }
}
