using OptimoveDC.Core.Sync;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>What a sync does about records that expire.</summary>
public sealed class ExpiryTests
{
    private const int Day = 86400;

    [Fact]
    public async Task An_unchanged_record_is_sent_again_in_the_second_half_of_its_life()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync(Daily);
        file.Clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(1L, (await file.SyncAsync(Daily)).Result.Unchanged);
        Assert.Empty(file.Requests);

        file.Clock.Advance(TimeSpan.FromHours(2));
        var refreshed = await file.SyncAsync(Daily);
        Assert.Equal((1L, 1L), (refreshed.Result.Refreshed, refreshed.Result.Sent));

        // Its life began anew.
        file.Clock.Advance(TimeSpan.FromHours(20));
        file.AssertHolds(("a", "1"));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, true)]
    public async Task How_early_that_is_can_be_chosen(int refreshWithinHours, bool isSent)
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync(Daily);
        file.Clock.Advance(TimeSpan.FromHours(21));
        var report = await file.SyncAsync(plan => Daily(plan) with { RefreshWithin = TimeSpan.FromHours(refreshWithinHours) });

        Assert.Equal(isSent, report.Result.Refreshed == 1);
        Assert.Equal(isSent ? 1 : 0, file.Requests.Count);
    }

    [Fact]
    public async Task A_record_that_has_expired_is_sent_again_however_late_that_may_be()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync(Daily);
        file.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Empty(file.Connection.Records);
        var report = await file.SyncAsync(plan => Daily(plan) with { RefreshWithin = TimeSpan.Zero });

        Assert.Equal(1L, report.Result.Refreshed);
        file.AssertHolds(("a", "1"));
        file.AssertClaimsAreTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Missing_keys_that_have_expired_are_dropped_without_a_request(bool deleteMissing)
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"), ("c", "3"));
        await file.SyncAsync(Daily);
        file.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        file.Write(("d", "4"));
        var report = await file.SyncAsync(plan => Daily(plan) with { DeleteMissing = deleteMissing });

        Assert.Equal((3L, 3L, 0L, 0L), (report.Result.Missing, report.Result.Expired, report.Result.ToDelete, report.Result.NotDeleted));
        Assert.Single(file.Requests);
        Assert.Equal(["\"d\""], file.Claims().Keys);
    }

    [Fact]
    public async Task A_missing_key_that_has_not_quite_expired_is_deleted()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"), ("b", "2"));
        await file.SyncAsync(Daily);
        file.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        file.Write(("b", "2"));
        var report = await file.SyncAsync(plan => Daily(plan) with { DeleteMissing = true, MaxDeletePercent = 50 });

        Assert.Equal((0L, 1L), (report.Result.Expired, report.Result.Deleted));
        file.AssertHolds(("b", "2"));
    }

    private static SyncPlan Daily(SyncPlan plan) => plan with { TimeToLiveSeconds = Day };
}
