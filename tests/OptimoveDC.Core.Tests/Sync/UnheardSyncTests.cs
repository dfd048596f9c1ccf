using OptimoveDC.Core.Sync;
using OptimoveDC.Core.Tests.Faults;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>A sync whose requests worked unheard, or didn't, and the old value again the day after.</summary>
public sealed class UnheardSyncTests
{
    private static readonly (string, string)[] Before = [.. Enumerable.Range(10, 40).Select(number => ($"c{number}", "old"))];

    [Theory]
    [InlineData(ProxyFaultKind.ResetAfterBody)]
    [InlineData(ProxyFaultKind.ResetBeforeBody)]
    [InlineData(ProxyFaultKind.CutAnswer)]
    public async Task An_upload_that_nobody_heard_of_is_not_missed_when_the_old_value_comes_back(ProxyFaultKind kind)
    {
        await using var account = ProxiedAccount.Open();
        await using var file = new SyncedFile(account.Account, account.Client);
        file.Write(Before);
        Assert.True((await file.SyncAsync()).Result.Completed);

        account.Proxy.Plan = request => new ProxyFault(kind);
        file.Write(Before.Select((row, at) => at == 20 ? (row.Item1, "new") : row));
        var unheard = await file.SyncAsync();
        Assert.False(unheard.Result.Completed);
        Assert.Equal((0L, 1L, 39L), (unheard.Result.Sent, unheard.Result.Unknown + unheard.Result.NotSent, unheard.Result.Unchanged));
        Assert.Equal(kind != ProxyFaultKind.ResetBeforeBody, file.Connection.Find("\"c30\"")!.Json.Contains("new", StringComparison.Ordinal));
        Assert.DoesNotContain("\"c30\"", file.Claims().Keys);
        file.AssertClaimsAreTrue();

        account.Proxy.Plan = null;
        file.Write(Before);
        var mended = await file.SyncAsync();
        Assert.Equal((1L, 1L, 0L, true), (mended.Result.Resent, mended.Result.Sent, mended.Result.Changed, mended.Result.Completed));
        file.AssertHolds(Before);
        file.AssertClaimsAreTrue();
        Assert.Equal(40, file.Claims().Count);
    }

    [Theory]
    [InlineData(AbsentDelete.BadRequest)]
    [InlineData(AbsentDelete.ShortCount)]
    public async Task A_deletion_that_nobody_heard_of_is_not_missed_when_the_customer_comes_back(AbsentDelete absent)
    {
        await using var account = ProxiedAccount.Open(options => options.AbsentDelete = absent);
        await using var file = new SyncedFile(account.Account, account.Client);
        await LoseDeletionAsync(account, file);

        file.Write(Before);
        var mended = await file.SyncAsync(Deleting);
        Assert.Equal((1L, 1L, true), (mended.Result.Resent, mended.Result.Sent, mended.Result.Completed));
        file.AssertHolds(Before);
        Assert.Equal(40, file.Claims().Count);
    }

    [Theory]
    [InlineData(AbsentDelete.BadRequest)]
    [InlineData(AbsentDelete.ShortCount)]
    public async Task A_deletion_that_nobody_heard_of_is_made_again_and_a_refusal_of_it_is_no_news(AbsentDelete absent)
    {
        await using var account = ProxiedAccount.Open(options => options.AbsentDelete = absent);
        await using var file = new SyncedFile(account.Account, account.Client);
        await LoseDeletionAsync(account, file);

        var again = await file.SyncAsync(Deleting);
        Assert.Equal((1L, 1L, 0L, true), (again.Result.ToDelete, again.Result.Deleted, again.Result.NotDeleted, again.Result.Completed));
        Assert.Empty(again.DeleteRejections);
        Assert.Null(again.Failure);
        Assert.Single(file.Requests);
        Assert.Equal(39, file.Claims().Count);
        await file.SyncAsync(Deleting);
        Assert.Empty(file.Requests);
    }

    [Fact]
    public async Task A_deletion_that_is_refused_for_the_first_time_is_told_and_tried_again()
    {
        await using var account = ProxiedAccount.Open();
        await using var file = new SyncedFile(account.Account, account.Client);
        file.Write(Before);
        await file.SyncAsync();
        account.Options.RejectRecord = key => key.ValueKind == System.Text.Json.JsonValueKind.String;
        file.Write(Before.Skip(1));
        var refused = await file.SyncAsync(Deleting);

        Assert.Equal((1L, 0L, 1L), (refused.Result.ToDelete, refused.Result.Deleted, refused.Result.NotDeleted));
        Assert.Equal("\"c10\"", Assert.Single(refused.DeleteRejections).PrimaryKey);
        Assert.NotNull(file.Connection.Find("\"c10\""));
        account.Options.RejectRecord = null;
        Assert.Equal(1L, (await file.SyncAsync(Deleting)).Result.Deleted);
        file.AssertHolds(Before.Skip(1));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_uploads_are_open()
    {
        await using var account = ProxiedAccount.Open();
        await using var file = new SyncedFile(account.Account, account.Client);
        file.Write(Before);
        await file.SyncAsync();
        account.Proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetAfterBody);
        file.Write([("new", "1"), .. Before.Skip(1)]);
        var report = await file.SyncAsync(Deleting);

        Assert.Equal((1L, 0L, false), (report.Result.ToDelete, report.Result.Deleted, report.Result.Completed));
        Assert.All(file.Requests, request => Assert.EndsWith("upload_data", request.Path, StringComparison.Ordinal));
        Assert.NotNull(file.Connection.Find("\"c10\""));
    }

    private static SyncPlan Deleting(SyncPlan plan) => plan with { DeleteMissing = true };

    private static async Task LoseDeletionAsync(ProxiedAccount account, SyncedFile file)
    {
        file.Write(Before);
        await file.SyncAsync();
        account.Proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetAfterBody);
        file.Write(Before.Skip(1));
        var unheard = await file.SyncAsync(Deleting);
        Assert.Equal((1L, 0L, 1L, false), (unheard.Result.ToDelete, unheard.Result.Deleted, unheard.Result.NotDeleted, unheard.Result.Completed));
        Assert.Null(file.Connection.Find("\"c10\""));
        Assert.DoesNotContain("\"c10\"", file.Claims().Keys);
        account.Proxy.Plan = null;
    }
}
