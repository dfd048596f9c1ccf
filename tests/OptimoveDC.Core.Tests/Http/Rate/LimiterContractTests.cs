using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Http.Rate;

/// <summary>The governor is a rate limiter as .NET knows them.</summary>
public sealed class LimiterContractTests
{
    [Fact]
    public async Task It_grants_one_at_a_time_and_counts_what_it_granted()
    {
        using var time = new VirtualTime();
        await using var governor = new RateGovernor(time);

        using var first = governor.AttemptAcquire();
        using var second = await governor.AcquireAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(first.IsAcquired);
        Assert.True(second.IsAcquired);
        Assert.Equal((2L, 0L, 0L), Statistics(governor));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void It_grants_no_other_number_than_one(int permits)
    {
        using var time = new VirtualTime();
        using var governor = new RateGovernor(time);

        Assert.ThrowsAny<ArgumentException>(() => governor.AttemptAcquire(permits));
    }

    [Fact]
    public async Task Who_will_not_wait_at_a_closed_gate_goes_without_and_leaves_nothing_behind()
    {
        using var time = new VirtualTime();
        await using var governor = new RateGovernor(time);
        var refused = Assert.IsType<Permit>(governor.AttemptAcquire());
        governor.Refuse(refused, RateSignals.None, new ServiceReply { StatusCode = 429, Body = ReplyBody.Empty });

        using var denied = governor.AttemptAcquire();

        Assert.False(denied.IsAcquired);
        Assert.Equal(0, governor.GetStatistics()!.CurrentQueuedCount);
    }

    private static (long Granted, long Denied, long Waiting) Statistics(RateGovernor governor) =>
        governor.GetStatistics() is { } known ? (known.TotalSuccessfulLeases, known.TotalFailedLeases, known.CurrentQueuedCount) : default;
}
