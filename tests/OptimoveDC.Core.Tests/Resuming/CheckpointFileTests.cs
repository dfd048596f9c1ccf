using System.Globalization;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>What a checkpoint says, where it lies, and when an import does without one.</summary>
public sealed class CheckpointFileTests
{
    private const string Started =
        """{"kind":"started","header":{"format":1,"source":"/data/customers.csv","dataConnectionId":"41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89","batchId":"6d1f7d3e-2c5b-4a86-9a0e-7b7f1c9f4e52","startedAt":"2026-01-01T00:00:00+00:00","timeToLiveSeconds":60,"options":{"KeyProperty":"user_id"}}}""";

    [Fact]
    public void It_tells_what_is_being_imported_and_how_far_that_is()
    {
        using var folder = new ScratchFolder();
        var path = Write(folder, Started,
            """{"kind":"sealed","chunk":0,"range":{"rows":5000,"firstLine":2,"lastLine":5001,"hash":"00"}}""",
            """{"kind":"sealed","chunk":1,"range":{"rows":12,"firstLine":5002,"lastLine":5013,"hash":"01"}}""",
            """{"kind":"resolved","chunk":0,"outcomes":"4998S1R1K"}""",
            """{"kind":"resumed","at":"2026-01-02T00:00:00+00:00"}""",
            """{"kind":"resolved","chunk":1,"outcomes":"12S"}""");

        var checkpoint = Checkpoint.Read(path)!;

        Assert.Equal("/data/customers.csv", checkpoint.Header.Source);
        Assert.Equal(60, checkpoint.Header.TimeToLiveSeconds);
        Assert.Equal(5012, checkpoint.RowsSealed);
        Assert.Equal((5010L, 1L), checkpoint.CountDecided());
        Assert.False(checkpoint.IsCompleted);
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("closing", true, false)]
    [InlineData("closing,closing-refused", false, false)]
    [InlineData("closing,closing-refused,closing", true, false)]
    [InlineData("closing,completed", false, true)]
    public void The_last_word_on_the_batch_is_what_counts(string kinds, bool isUnheard, bool isCompleted)
    {
        using var folder = new ScratchFolder();
        var path = Write(folder, [Started, .. kinds.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(kind => $$"""{"kind":"{{kind}}"}""")]);

        var checkpoint = Checkpoint.Read(path)!;

        Assert.Equal((isUnheard, isCompleted), (checkpoint.IsClosingUnheard, checkpoint.IsCompleted));
    }

    [Theory]
    [InlineData("""{"kind":"sealed","chunk":1,"range":{"rows":1,"firstLine":2,"lastLine":2,"hash":"00"}}""", "a line 'sealed' that does not fit")]
    [InlineData("""{"kind":"resolved","chunk":0}""", "a line 'resolved' that does not fit")]
    [InlineData("""{"kind":"rejected","chunk":0}""", "a line 'rejected' that does not fit")]
    [InlineData("""{"kind":"from the future"}""", "a line 'from the future' that does not fit")]
    [InlineData("null", "line 2 is empty")]
    [InlineData("not JSON", "line 2 is not what a checkpoint has")]
    public void A_line_that_does_not_fit_is_named_and_the_file_is_not_relied_on(string line, string why)
    {
        using var folder = new ScratchFolder();

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Read(Write(folder, Started, line)));

        Assert.Equal(CheckpointFault.Unreadable, fault.Fault);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_version_is_refused_with_both()
    {
        using var folder = new ScratchFolder();

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Read(Write(folder, Started.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal))));

        Assert.Contains("it has the format 2, and this version of the module reads 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_or_nothing_was_written_yet_there_is_no_checkpoint()
    {
        using var folder = new ScratchFolder();

        Assert.Null(Checkpoint.Read(folder.PathOf("nothing")));
        Assert.Null(Checkpoint.Read(folder.Write("cut-off", Started)));
    }

    [Theory]
    [InlineData("connection", "for the Data Connection")]
    [InlineData("time-to-live", "begun with -TimeToLive 60, and is now given no -TimeToLive")]
    [InlineData("option", "begun with -KeyProperty user_id, and is now given -KeyProperty email")]
    [InlineData("option gone", "begun with -KeyProperty user_id, and is now given no -KeyProperty")]
    [InlineData("option more", "begun with no -Delimiter, and is now given -Delimiter ;")]
    [InlineData("nothing", null)]
    [InlineData("batch and source", null)]
    public void What_keeps_an_import_from_going_on_is_said_in_the_words_of_the_command(string changed, string? why)
    {
        using var folder = new ScratchFolder();
        var before = Checkpoint.Read(Write(folder, Started))!.Header;
        var now = changed switch
        {
            "connection" => before with { DataConnectionId = Guid.NewGuid() },
            "time-to-live" => before with { TimeToLiveSeconds = null },
            "option" => before with { Options = new Dictionary<string, string> { ["KeyProperty"] = "email" } },
            "option gone" => before with { Options = new Dictionary<string, string>() },
            "option more" => before with { Options = new Dictionary<string, string> { ["KeyProperty"] = "user_id", ["Delimiter"] = ";" } },
            "batch and source" => before with { BatchId = Guid.NewGuid(), Source = "elsewhere" },
            _ => before with { },
        };

        var difference = now.FindDifference(before);

        if (why is null)
        {
            Assert.Null(difference);
        }
        else
        {
            Assert.Contains(why, difference, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_place_of_its_own_is_the_same_for_the_same_source_and_connection_alone()
    {
        var connection = Guid.NewGuid();
        var path = CheckpointStore.PathFor("customers.csv", connection, shard: null);

        Assert.Equal(path, CheckpointStore.PathFor(Path.GetFullPath("customers.csv"), connection, shard: null));
        Assert.NotEqual(path, CheckpointStore.PathFor("customers.csv", Guid.NewGuid(), shard: null));
        Assert.NotEqual(path, CheckpointStore.PathFor("other.csv", connection, shard: null));
        Assert.Equal(CheckpointStore.Folder, Path.GetDirectoryName(path));
    }

    [Fact]
    public void Those_that_are_there_are_listed_oldest_first()
    {
        var paths = Enumerable.Range(0, 3).Select(_ => CheckpointStore.PathFor("customers.csv", Guid.NewGuid(), shard: null)).ToArray();
        Directory.CreateDirectory(CheckpointStore.Folder);
        for (var at = 0; at < paths.Length; at++)
        {
            File.WriteAllText(paths[at], Started + "\n");
            File.SetLastWriteTimeUtc(paths[at], DateTime.Parse("2026-01-04", CultureInfo.InvariantCulture).AddDays(-at));
        }

        Assert.Equal(Enumerable.Reverse(paths), CheckpointStore.List().Where(paths.Contains));
        Array.ForEach(paths, File.Delete);
        Assert.DoesNotContain(paths[0], CheckpointStore.List());
    }

    [Fact]
    public async Task An_import_that_nobody_asked_a_checkpoint_of_does_without_one_where_none_can_be_written_and_says_so()
    {
        using var folder = new ScratchFolder();
        folder.Write("in-the-way", "a file where the folder would be");
        await using var account = EmulatedAccount.Open();

        var report = await account.LoadAsync(Plan(account, Path.Combine(folder.PathOf("in-the-way"), "checkpoint"), isByDefault: true), Rows);

        Assert.True(report.Result.Completed);
        Assert.Null(report.Result.CheckpointPath);
        Assert.Contains("can't be resumed if it breaks off", Assert.Single(account.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_was_asked_for_one_is_not_begun_where_none_can_be_written()
    {
        using var folder = new ScratchFolder();
        folder.Write("in-the-way", "a file where the folder would be");
        await using var account = EmulatedAccount.Open();

        var fault = await Assert.ThrowsAsync<CheckpointException>(() =>
            account.LoadAsync(Plan(account, Path.Combine(folder.PathOf("in-the-way"), "checkpoint"), isByDefault: false), Rows));

        Assert.Equal(CheckpointFault.Unwritable, fault.Fault);
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    private static IEnumerable<Row> Rows => Enumerable.Range(0, 50).Select(number => new Row(number, "a"));

    private static string Write(ScratchFolder folder, params string[] lines) => folder.Write("checkpoint", string.Concat(lines.Select(line => line + "\n")));

    private static LoadPlan Plan(EmulatedAccount account, string path, bool isByDefault)
    {
        var plan = account.UploadPlan(batchSize: 10);
        return plan with
        {
            Checkpoint = new CheckpointPlan
            {
                Path = path,
                IsByDefault = isByDefault,
                Header = new CheckpointHeader
                {
                    Source = "test",
                    DataConnectionId = account.Connection.Id,
                    BatchId = plan.BatchId!.Value,
                    StartedAt = DateTimeOffset.Parse("2026-01-01", CultureInfo.InvariantCulture),
                },
            },
        };
    }
}
