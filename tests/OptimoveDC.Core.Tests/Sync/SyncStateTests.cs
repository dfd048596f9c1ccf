using OptimoveDC.Core.Sync;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>Which states a sync takes, and which it refuses.</summary>
public sealed class SyncStateTests
{
    [Fact]
    public async Task A_second_sync_with_the_same_state_is_refused_while_the_first_one_runs()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await using (var first = file.Open(file.Plan))
        {
            var refused = Assert.Throws<SyncException>(() => file.Open(file.Plan));
            Assert.Equal(SyncFault.StateInUse, refused.Fault);
            Assert.Contains(file.StatePath, refused.Message, StringComparison.Ordinal);
        }

        Assert.True((await file.SyncAsync()).Result.Completed);
    }

    [Fact]
    public async Task A_state_of_another_Data_Connection_is_refused_even_when_all_is_to_be_sent()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() => file.SyncAsync(plan => plan with { DataConnectionId = Guid.NewGuid(), Full = true }));

        Assert.Equal(SyncFault.OtherState, refused.Fault);
        Assert.Contains(file.Connection.Id.ToString(), refused.Message, StringComparison.Ordinal);
        await file.SyncAsync();
        Assert.Empty(file.Requests);
    }

    [Fact]
    public async Task A_state_of_other_keys_is_refused()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() =>
            file.SyncAsync(plan => plan with { Full = true, KeyOptions = new Dictionary<string, string> { ["KeyProperty"] = "value" } }));

        Assert.Equal(SyncFault.OtherState, refused.Fault);
        Assert.Contains("-KeyProperty", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_is_refused_unless_all_is_sent_again()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync();
        var refused = await Assert.ThrowsAsync<SyncException>(() => file.SyncAsync(plan => plan with { TimeToLiveSeconds = 60 }));
        Assert.Equal(SyncFault.OtherState, refused.Fault);
        Assert.Contains("-TimeToLive 60", refused.Message, StringComparison.Ordinal);
        Assert.Contains("-Full", refused.Message, StringComparison.Ordinal);

        var full = await file.SyncAsync(plan => plan with { TimeToLiveSeconds = 60, Full = true });
        Assert.Equal(1L, full.Result.Sent);
        Assert.Equal(60, Assert.Single(file.Connection.Records).TimeToLiveSeconds);
        await file.SyncAsync(plan => plan with { TimeToLiveSeconds = 60 });
        Assert.Empty(file.Requests);
    }

    [Theory]
    [InlineData("this is no database, but a text that is longer than the header of one would be, by some hundred bytes or so......")]
    [InlineData("user_id,value\n")]
    public async Task A_file_that_is_no_state_is_refused_and_left_as_it_is(string content)
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await File.WriteAllTextAsync(file.StatePath, content, TestContext.Current.CancellationToken);
        var refused = Assert.Throws<SyncException>(() => file.Open(file.Plan));

        Assert.Equal(SyncFault.StateUnreadable, refused.Fault);
        Assert.Equal(content, await File.ReadAllTextAsync(file.StatePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused()
    {
        await using var file = new SyncedFile();
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file.StatePath};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE mine (text TEXT)";
            command.ExecuteNonQuery();
        }

        Assert.Equal(SyncFault.StateUnreadable, Assert.Throws<SyncException>(() => file.Open(file.Plan)).Fault);
    }

    [Fact]
    public async Task A_place_that_can_not_be_written_is_named()
    {
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        var refused = Assert.Throws<SyncException>(() => file.Open(file.Plan with { StatePath = Path.Combine(file.Source, "below a file", "state.db") }));

        Assert.Equal(SyncFault.StateUnwritable, refused.Fault);
        Assert.Contains("below a file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the folder decides who may read it.");
        await using var file = new SyncedFile();
        file.Write(("a", "1"));
        await file.SyncAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.StatePath));
        }
    }

    [Theory]
    [InlineData("c0000001", 17714157217453026027UL)]
    [InlineData("1.0", 824233087709546061UL)]
    public void The_order_of_keys_is_part_of_the_form_of_a_state_and_stays_as_it_is(string key, ulong hash) =>
        Assert.Equal(hash, Core.Records.RecordKey.HashOf(key));
}
