using OptimoveDC.Core.Records;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>What keeps a sync from deleting customers who are only missing by mistake.</summary>
public sealed class DeleteGuardTests
{
    private static readonly (string, string)[] Hundred = [.. Enumerable.Range(100, 100).Select(number => ($"c{number}", $"{number}"))];

    [Theory]
    [InlineData(94, false)]
    [InlineData(95, true)]
    [InlineData(0, false)]
    public async Task A_file_that_was_cut_off_is_stopped_before_anything_is_sent_or_deleted(int rowsLeft, bool isAllowed)
    {
        await using var file = new SyncedFile();
        file.Write(Hundred);
        await file.SyncAsync();
        file.Write([.. Hundred.Take(rowsLeft), ("new", "1")]);
        if (rowsLeft == 0)
        {
            file.WriteText("user_id,value\n");
        }

        var report = await file.SyncAsync(plan => plan with { DeleteMissing = true });

        if (isAllowed)
        {
            Assert.Null(report.Failure);
            Assert.Equal(5L, report.Result.Deleted);
            return;
        }

        Assert.Equal(SyncFault.TooManyDeletes, Assert.IsType<SyncException>(report.Failure).Fault);
        Assert.Equal((100L - rowsLeft, 0L, 0L), (report.Result.ToDelete, report.Result.Deleted, report.Result.Requests));
        Assert.Empty(file.Requests);
        file.AssertHolds(Hundred);
        Assert.Equal(100, file.Claims().Count);
    }

    [Theory]
    [InlineData("c150,7,too many")]
    [InlineData(",7")]
    public async Task A_row_whose_customer_is_not_known_keeps_every_customer_from_being_deleted(string row)
    {
        await using var file = new SyncedFile();
        file.Write(Hundred);
        await file.SyncAsync();
        file.WriteText("user_id,value\n" + string.Concat(Hundred.Select(customer => customer.Item1 == "c150" ? row + "\n" : $"{customer.Item1},changed\n")));
        var report = await file.SyncAsync(plan => plan with { DeleteMissing = true });

        Assert.Equal((99L, 1L, 1L, 0L, 0L), (report.Result.Sent, report.Result.Rejected, report.Result.Missing, report.Result.ToDelete, report.Result.Deleted));
        Assert.False(report.Result.Completed);
        Assert.Null(report.Failure);
        Assert.NotNull(report.DeletesWithheld);
        Assert.NotNull(file.Connection.Find("\"c150\""));
        Assert.Contains("\"c150\"", file.Claims().Keys);
    }

    [Fact]
    public async Task A_customer_whose_record_the_service_refuses_is_in_the_source_all_the_same()
    {
        await using var file = new SyncedFile();
        file.Write(Hundred);
        await file.SyncAsync();
        file.Options.RejectRecord = record => record.ValueKind == System.Text.Json.JsonValueKind.Object && record.GetProperty("value").GetString() == "bad";
        file.Write(Hundred.Where(row => row.Item1 != "c110").Select(row => row.Item1 == "c150" ? (row.Item1, "bad") : row));
        var report = await file.SyncAsync(plan => plan with { DeleteMissing = true });

        Assert.Equal((1L, 1L, 1L), (report.Result.Changed, report.Result.Rejected, report.Result.Deleted));
        Assert.NotNull(file.Connection.Find("\"c150\""));
        file.AssertClaimsAreTrue();

        // It is what it was to the state, so the next sync tries again, and the one after the record was mended does not.
        var again = await file.SyncAsync();
        Assert.Equal((1L, 1L), (again.Result.Changed, again.Result.Rejected));
        file.Write(Hundred.Where(row => row.Item1 != "c110"));
        Assert.Equal(0L, (await file.SyncAsync()).Result.ToSend);
    }

    [Fact]
    public async Task A_new_record_that_the_service_refuses_is_not_known_afterwards()
    {
        await using var file = new SyncedFile();
        file.Options.RejectRecord = record => record.GetProperty("value").GetString() == "bad";
        file.Write(("a", "1"), ("b", "bad"));
        var report = await file.SyncAsync();

        Assert.Equal((1L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal(["\"a\""], file.Claims().Keys);
        Assert.Equal((1L, 1L), ((await file.SyncAsync()).Result.New, (await file.SyncAsync()).Result.Rejected));
    }

    [Fact]
    public async Task A_file_that_breaks_off_in_a_record_is_stopped_before_anything_is_sent()
    {
        await using var file = new SyncedFile();
        file.Write(Hundred);
        await file.SyncAsync();
        file.WriteText("user_id,value\nc100,changed\nc101,\"chang");
        var report = await file.SyncAsync(plan => plan with { DeleteMissing = true });

        Assert.IsType<SourceException>(report.Failure);
        Assert.Equal((1L, 1L), (report.Result.Read, report.Result.NotSent));
        Assert.Empty(file.Requests);
        file.AssertHolds(Hundred);
    }

    [Fact]
    public async Task A_key_is_not_deleted_while_another_that_may_be_the_same_is_in_the_source()
    {
        await using var file = new SyncedFile();
        file.Options.KeyIdentity = OptimoveDC.Emulator.KeyIdentity.SameText;
        file.WriteJson("""[{"user_id":"7","value":"text"},{"user_id":"8","value":"x"}]""");
        await file.SyncAsync();
        file.WriteJson("""[{"user_id":7,"value":"number"},{"user_id":"8","value":"x"}]""");
        var report = await file.SyncAsync(plan => plan with { DeleteMissing = true, MaxDeletePercent = 100 });

        Assert.Equal((1L, 1L, 0L), (report.Result.New, report.Result.Missing, report.Result.ToDelete));
        Assert.NotNull(file.Connection.Find("7"));
    }

    [Fact]
    public async Task Of_keys_that_may_be_one_all_are_sent_when_one_is_so_that_the_last_wins()
    {
        await using var file = new SyncedFile();
        file.Options.KeyIdentity = OptimoveDC.Emulator.KeyIdentity.SameText;
        file.WriteJson("""[{"user_id":"7","value":"first"},{"user_id":7,"value":"last"}]""");
        await file.SyncAsync();
        file.WriteJson("""[{"user_id":"7","value":"changed"},{"user_id":7,"value":"last"}]""");
        var report = await file.SyncAsync();

        Assert.Equal((1L, 1L, 2L), (report.Result.Changed, report.Result.Resent, report.Result.Sent));
        Assert.Equal("""{"user_id":7,"value":"last"}""", file.Connection.Find("7")!.Json);
    }
}
