using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>How much of a limit one load gets out of it.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    public static TheoryData<Limiter, bool, bool, RetryAfterForm> Cases() => LimitedRun.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_limit_that_is_not_known_is_used_almost_to_the_full(Limiter limiter, bool retryAfter, bool headers, RetryAfterForm form)
    {
        var run = await LimitedRun.RunAsync(limiter, retryAfter, headers, form, loads: 1);

        output.WriteLine(run.ToString());
        Assert.InRange(run.Share, retryAfter ? 0.95 : 0.90, 1.0);
        Assert.InRange(run.RefusedShare, 0, 0.05);
    }
}
