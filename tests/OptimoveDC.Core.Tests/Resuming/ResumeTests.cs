using System.Globalization;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Tests.Observability;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>What is on disk is enough to go on, and what does not fit it is refused.</summary>
public sealed class ResumeTests
{
    private static readonly IReadOnlyList<Row> Source = [.. Enumerable.Range(0, 100).Select(n => new Row(n, $"value {n}"))];

    [Fact]
    public async Task A_401_in_the_middle_stops_at_once_and_the_rest_is_sent_on_resume_with_the_right_key()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(4));
        var first = await account.LoadAsync(Plan(account, folder), Source);

        Assert.Equal(ErrorCondition.AuthenticationFailed, Assert.IsType<ServiceException>(first.Failure).Condition);
        Assert.Equal(40, first.Result.Sent);
        Assert.True(first.Result.NotSent > 0);
        Assert.Equal(first.Result.Read, first.Result.Sent + first.Result.NotSent);
        Assert.InRange(account.Server.Service.RequestCount, 5, 5 + 4);
        Assert.NotNull(first.Result.CheckpointPath);

        account.Options.FaultPlan = null;
        var before = account.Server.Service.RequestCount;
        var second = await account.LoadAsync(Plan(account, folder, resume: true), Source);

        Assert.Equal((100L, 100L, true), (second.Result.Read, second.Result.Sent, second.Result.Completed));
        Assert.Equal(6, second.Result.Requests);
        // Requests that the first load gave up may reach the service later than the load ended.
        Assert.InRange(account.Server.Service.RequestCount - before, 6, 6 + 3);
        Assert.Equal(first.Result.BatchId, second.Result.BatchId);
        Assert.Equal(100, account.Connection.Records.Count);
        Assert.Null(second.Result.CheckpointPath);
        Assert.False(File.Exists(folder.PathOf("checkpoint")));
    }

    [Theory]
    [InlineData(5, 1, 10)]
    [InlineData(15, 11, 20)]
    [InlineData(39, 31, 40)]
    public async Task A_source_edited_since_is_refused_naming_the_range_and_nothing_is_sent(int edited, int firstLine, int lastLine)
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(4));
        await account.LoadAsync(Plan(account, folder), Source);
        var kept = await File.ReadAllBytesAsync(folder.PathOf("checkpoint"), TestContext.Current.CancellationToken);
        var before = account.Server.Service.RequestCount;

        var rows = Source.ToList();
        rows[edited] = new Row(edited, "edited");
        var report = await account.LoadAsync(Plan(account, folder, resume: true), rows);

        var fault = Assert.IsType<CheckpointException>(report.Failure);
        Assert.Equal(CheckpointFault.SourceChanged, fault.Fault);
        Assert.Contains($"from line {firstLine} to line {lastLine}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, account.Server.Service.RequestCount);
        Assert.StartsWith(System.Text.Encoding.UTF8.GetString(kept), await File.ReadAllTextAsync(folder.PathOf("checkpoint"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The source restored, the import goes on as if nothing had been.
        account.Options.FaultPlan = null;
        var resumed = await account.LoadAsync(Plan(account, folder, resume: true), Source);
        Assert.True(resumed.Result.Completed);
    }

    [Fact]
    public async Task A_source_that_lost_its_end_is_refused_too()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(4));
        await account.LoadAsync(Plan(account, folder), Source);
        account.Options.FaultPlan = null;
        var before = account.Server.Service.RequestCount;
        var report = await account.LoadAsync(Plan(account, folder, resume: true), Source.Take(33));

        Assert.Equal(CheckpointFault.SourceChanged, Assert.IsType<CheckpointException>(report.Failure).Fault);
        Assert.Equal(before, account.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Rows_that_were_rejected_or_superseded_are_part_of_what_must_not_change()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(2));
        Row[] rows = [.. Enumerable.Range(0, 5).Select(n => new Row("same", $"{n}")), new Row("", "no key"), .. Source];
        await account.LoadAsync(Plan(account, folder), rows);
        rows[1] = new Row("same", "edited, though a later row replaces it");
        var report = await account.LoadAsync(Plan(account, folder, resume: true), rows);

        Assert.Equal(CheckpointFault.SourceChanged, Assert.IsType<CheckpointException>(report.Failure).Fault);
    }

    [Fact]
    public async Task A_resumed_import_may_have_other_batch_sizes_and_other_limits()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(3));
        await account.LoadAsync(Plan(account, folder), Source);
        account.Options.FaultPlan = null;
        var report = await account.LoadAsync(Plan(account, folder, resume: true) with { BatchSize = 37, ThrottleLimit = 1, MaxReject = 3 }, Source);

        Assert.Equal((100L, 100L, true), (report.Result.Read, report.Result.Sent, report.Result.Completed));
        Assert.Equal(100, account.Connection.Records.Count);
    }

    [Fact]
    public async Task Rejects_of_the_run_before_are_counted_and_reported_again_and_written_once()
    {
        using var folder = new ScratchFolder();
        var requests = 0;
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            RejectRecord = record => record.GetProperty("value").GetString() == "bad",
            FaultPlan = _ => Interlocked.Increment(ref requests) > 12 ? new Fault { StatusCode = 401 } : null,
        });
        Row[] rows = [.. Enumerable.Range(0, 100).Select(n => n == 50 ? new Row("", "no key") : new Row(n, n is 3 or 97 ? "bad" : "good"))];
        using (var rejects = new RejectFile(folder.PathOf("rejects"), continues: false))
        {
            var first = await account.LoadAsync(Plan(account, folder) with { RejectFile = rejects, ThrottleLimit = 1 }, rows);
            Assert.NotNull(first.Failure);
        }

        requests = -1000;
        LoadReport report;
        using (var again = new RejectFile(folder.PathOf("rejects"), continues: true))
        {
            report = await account.LoadAsync(Plan(account, folder, resume: true) with { RejectFile = again, ThrottleLimit = 1 }, rows);
        }

        Assert.Equal((97L, 3L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.Equal([4L, 51L, 98L], report.Rejections.Select(rejection => rejection.Line).Order());
        Assert.Equal([400, null, 400], report.Rejections.OrderBy(rejection => rejection.Line).Select(rejection => rejection.StatusCode));
        Assert.Equal([4L, 51L, 98L], File.ReadLines(folder.PathOf("rejects")).Select(LineOf).Order());
    }

    [Fact]
    public async Task An_import_of_one_chunk_leaves_no_checkpoint_that_nobody_asked_for()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(new EmulatorOptions { FaultPlan = _ => new Fault { StatusCode = 401 } });
        var plan = Plan(account, folder);
        var report = await account.LoadAsync(plan with { Checkpoint = plan.Checkpoint! with { IsByDefault = true }, BatchSize = 1000 }, Source);

        Assert.NotNull(report.Failure);
        Assert.Null(report.Result.CheckpointPath);
        Assert.False(File.Exists(folder.PathOf("checkpoint")));
    }

    // The other run has told of its own records; here each is told of once.
    [Fact]
    public async Task Who_watches_a_resumed_import_sees_the_records_that_it_decides_itself()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(4));
        Row[] rows = [.. Source, new Row(99, "the last of its key"), new Row("", "no key")];
        using var watched = new WatchedRecords();
        var first = await account.LoadAsync(Plan(account, folder), rows);
        Assert.Equal([first.Result.Sent, first.Result.Rejected, first.Result.Skipped, first.Result.NotSent], watched.Take("sent", "rejected", "skipped", "not_sent"));
        account.Options.FaultPlan = null;
        var second = await account.LoadAsync(Plan(account, folder, resume: true), rows);

        Assert.Equal((102L, true), (second.Result.Read, second.Result.Completed));
        Assert.Equal([second.Result.Sent - first.Result.Sent, 0], watched.Take("sent", "not_sent"));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_said_and_an_import_that_keeps_a_checkpoint_by_itself_goes_on()
    {
        using var folder = new ScratchFolder();
        var path = Path.Combine(folder.Write("a file", ""), "checkpoint");
        await using var account = EmulatedAccount.Open();
        var plan = Plan(account, folder);
        var report = await account.LoadAsync(plan with { Checkpoint = plan.Checkpoint! with { Path = path, IsByDefault = true } }, Source);

        Assert.True(report.Result.Completed);
        Assert.Contains(account.Warnings, warning => warning.Contains("can't be resumed", StringComparison.Ordinal) && warning.Contains(path, StringComparison.Ordinal));
        Assert.Throws<CheckpointException>(() => Loader.Start(account.Client, plan with { Checkpoint = plan.Checkpoint with { Path = path } }, new LoadObserver(), CancellationToken.None));
    }

    [Fact]
    public async Task A_checkpoint_in_use_is_refused()
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(2));
        await account.LoadAsync(Plan(account, folder), Source);
        await using var loader = Loader.Start(account.Client, Plan(account, folder, resume: true), new LoadObserver(), CancellationToken.None);

        Assert.Equal(CheckpointFault.InUse, Assert.Throws<CheckpointException>(() => Checkpoint.Read(folder.PathOf("checkpoint"))).Fault);
        Assert.Equal(CheckpointFault.InUse, Assert.Throws<CheckpointException>(() => Loader.Start(account.Client, Plan(account, folder) , new LoadObserver(), CancellationToken.None)).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a li")]
    public async Task A_last_line_that_was_cut_off_does_not_count(string tail)
    {
        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(2));
        await account.LoadAsync(Plan(account, folder), Source);
        await File.AppendAllTextAsync(folder.PathOf("checkpoint"), tail, TestContext.Current.CancellationToken);
        account.Options.FaultPlan = null;

        Assert.True((await account.LoadAsync(Plan(account, folder, resume: true), Source)).Result.Completed);
    }

    [Theory]
    [InlineData("customers,are,not,a,checkpoint\n")]
    [InlineData("{\"kind\":\"sealed\"}\n")]
    [InlineData("{}\n")]
    public void A_file_that_is_no_checkpoint_is_refused_by_name(string text)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("checkpoint", text);

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Read(path));
        Assert.Equal(CheckpointFault.Unreadable, fault.Fault);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_and_rejects_are_the_owners_alone_on_Unix()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        using var folder = new ScratchFolder();
        await using var account = EmulatedAccount.Open(StopAfter(2));
        using var rejects = new RejectFile(folder.PathOf("rejects"), continues: false);
        await account.LoadAsync(Plan(account, folder) with { RejectFile = rejects }, [new Row("", "no key"), .. Source]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PathOf("checkpoint")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PathOf("rejects")));
    }

    [Theory]
    [InlineData("5%", 1000, 50, false)]
    [InlineData("5%", 1000, 51, true)]
    [InlineData("5 %", 10, 50, false)]
    [InlineData("0%", 10, 1, true)]
    [InlineData("12.5%", 8000, 1000, false)]
    [InlineData("100", 100, 100, false)]
    [InlineData("100", 100, 101, true)]
    public void A_limit_on_rejects_is_a_number_or_a_share(string text, long read, long rejected, bool isExceeded) =>
        Assert.Equal(isExceeded, RejectLimit.Parse(text).IsExceededBy(rejected, read));

    [Theory]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("many")]
    [InlineData("%")]
    public void What_is_neither_is_refused(string text) => Assert.ThrowsAny<Exception>(() => RejectLimit.Parse(text));

    private static long LineOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("_optimove_reject").GetProperty("line").GetInt64();

    private static EmulatorOptions StopAfter(int requests)
    {
        var seen = 0;
        return new EmulatorOptions { FaultPlan = _ => Interlocked.Increment(ref seen) > requests ? new Fault { StatusCode = 401 } : null };
    }

    private static LoadPlan Plan(EmulatedAccount account, ScratchFolder folder, bool resume = false)
    {
        var path = folder.PathOf("checkpoint");
        var earlier = resume ? Checkpoint.Read(path) : null;
        var plan = account.UploadPlan(batchSize: 10);
        var header = earlier?.Header ?? new CheckpointHeader
        {
            Source = "test",
            DataConnectionId = account.Connection.Id,
            BatchId = plan.BatchId!.Value,
            StartedAt = DateTimeOffset.Parse("2026-01-01", CultureInfo.InvariantCulture),
        };
        return plan with
        {
            Envelope = new UploadEnvelope(header.BatchId, null),
            BatchId = header.BatchId,
            Checkpoint = new CheckpointPlan { Path = path, Header = header, Earlier = earlier },
        };
    }
}
