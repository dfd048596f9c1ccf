using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>How much of a limit four loads get out of it, that run at once with one key.</summary>
public sealed class SharedLimitTests(ITestOutputHelper output)
{
    public static TheoryData<Limiter, bool, bool, RetryAfterForm> Cases() => LimitedRun.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Four_loads_together_use_a_limit_as_well_as_one_does(Limiter limiter, bool retryAfter, bool headers, RetryAfterForm form)
    {
        var run = await LimitedRun.RunAsync(limiter, retryAfter, headers, form, loads: 4);

        output.WriteLine(run.ToString());
        Assert.Equal(1, run.Governors);
        Assert.InRange(run.Share, retryAfter ? 0.95 : 0.90, 1.0);
        Assert.InRange(run.RefusedShare, 0, 0.05);
    }
}
