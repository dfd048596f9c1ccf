using System.Text.Json;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>
/// The disk is full under the checkpoint and the reject file: the import stops and says so, its account is true, and it is
/// resumed to the end that it would have had. The system itself refuses the writes, in the middle of a line.
/// </summary>
public sealed class FullDiskTests
{
    private const int BatchSize = 50;
    private const int Rows = 1000;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task An_import_on_a_full_disk_stops_with_a_true_account_and_is_resumed_to_its_end(int seed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit to the files of one process.");
        var random = new Random(seed);
        using var folder = new ScratchFolder();
        await using var server = EmulatorServer.Start(new EmulatorOptions { RejectRecord = record => IsBad(record.GetProperty("user_id").GetString()!) });
        var connection = server.Service.AddConnection(server.Service.AddBrand(), "customers", "user_id");
        var (source, checkpoint, rejects) = (folder.Write("customers.csv", MakeText(random)), folder.PathOf("import.checkpoint"), folder.PathOf("rejects.ndjson"));

        // Each run gets a little more room than the one before.
        var stops = new List<string>();
        var limit = random.Next(200, 4000);
        JsonElement account;
        for (var resume = false; ; resume |= File.Exists(checkpoint))
        {
            Assert.True(stops.Count < 100, "It is never resumed to its end.");
            using var process = ImportProcess.Start(server, connection, source, checkpoint, rejects, resume, BatchSize, throttle: 4, $"limit={limit}");
            account = (await process.EndAsync())!.Value;
            if (account.GetProperty("FailureType").GetString() is not { } failure)
            {
                break;
            }

            CheckStop(account, failure, checkpoint, rejects, connection);
            stops.Add(failure);
            limit += random.Next(4000, 20_000);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', stops));
        Assert.NotEmpty(stops);
        CheckEnd(account, connection, checkpoint, rejects);
    }

    [Fact]
    public async Task A_device_without_room_is_said_to_have_none_and_nothing_is_sent()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var folder = new ScratchFolder();
        File.CreateSymbolicLink(folder.PathOf("checkpoint"), "/dev/full");
        await using var account = EmulatedAccount.Open();
        var plan = account.UploadPlan();
        var header = new CheckpointHeader { Source = "test", DataConnectionId = account.Connection.Id, BatchId = plan.BatchId!.Value, StartedAt = DateTimeOffset.UnixEpoch };

        var fault = await Assert.ThrowsAsync<CheckpointException>(() => account.LoadAsync(plan with { Checkpoint = new CheckpointPlan { Path = folder.PathOf("checkpoint"), Header = header } }, [new Row(1, "a")]));

        Assert.Equal(CheckpointFault.Unwritable, fault.Fault);
        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_reject_that_cannot_be_kept_stops_the_import_and_the_file_and_the_account_agree()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using var folder = new ScratchFolder();
        File.CreateSymbolicLink(folder.PathOf("rejects"), "/dev/full");
        await using var account = EmulatedAccount.Open();
        using var rejects = new RejectFile(folder.PathOf("rejects"), continues: false);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1) with { RejectFile = rejects, ThrottleLimit = 1 }, [new Row(1, "a"), new Row("", "no key"), .. Enumerable.Range(2, 50).Select(n => new Row(n, "b"))]);

        Assert.Contains("No space left on device", Assert.IsType<RejectFileException>(report.Failure).Message, StringComparison.Ordinal);
        Assert.Equal(1, report.Result.Rejected);
        Assert.Equal(report.Result.Read, report.Result.Sent + 1 + report.Result.NotSent);
        Assert.Equal(report.Result.Sent, account.Connection.Arrivals.Count);
        Assert.True(File.Exists("/dev/full"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_no_file_is_written_to_and_never_taken_away(bool isCheckpoint)
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no /dev/null here.");
        using var folder = new ScratchFolder();
        File.CreateSymbolicLink(folder.PathOf("null"), "/dev/null");
        await using var account = EmulatedAccount.Open();
        using var rejects = isCheckpoint ? null : new RejectFile(folder.PathOf("null"), continues: false);
        var plan = account.UploadPlan();
        var header = new CheckpointHeader { Source = "test", DataConnectionId = account.Connection.Id, BatchId = plan.BatchId!.Value, StartedAt = DateTimeOffset.UnixEpoch };
        var report = await account.LoadAsync(plan with { RejectFile = rejects, Checkpoint = isCheckpoint ? new CheckpointPlan { Path = folder.PathOf("null"), Header = header } : null }, [new Row("", "no key"), new Row(1, "a")]);

        Assert.Equal((1L, 1L, true), (report.Result.Sent, report.Result.Rejected, report.Result.Completed));
        Assert.True(new FileInfo(folder.PathOf("null")).LinkTarget is not null, "The link was deleted; a device would have been.");
    }

    [Fact]
    public async Task A_checkpoint_and_a_reject_file_cut_at_any_byte_are_gone_on_from()
    {
        using var folder = new ScratchFolder();
        var random = new Random(4);
        var text = MakeText(random);
        for (var round = 0; round < 6; round++)
        {
            await using var server = EmulatorServer.Start(new EmulatorOptions { RejectRecord = record => IsBad(record.GetProperty("user_id").GetString()!) });
            var connection = server.Service.AddConnection(server.Service.AddBrand(), "customers", "user_id");
            var (source, checkpoint, rejects) = (folder.Write("customers.csv", text), folder.PathOf($"{round}.checkpoint"), folder.PathOf($"{round}.ndjson"));
            server.Options.FaultPlan = request => server.Service.RequestCount > 8 ? new Fault { StatusCode = 401 } : null;
            using (var first = ImportProcess.Start(server, connection, source, checkpoint, rejects, resume: false, BatchSize, throttle: 4))
            {
                Assert.NotNull(await first.EndAsync());
            }

            Cut(checkpoint, random);
            Cut(rejects, random);
            server.Options.FaultPlan = null;
            using var second = ImportProcess.Start(server, connection, source, checkpoint, rejects, resume: true, BatchSize, throttle: 4);
            var account = (await second.EndAsync())!.Value;

            Assert.Null(account.GetProperty("FailureType").GetString());
            CheckEnd(account, connection, checkpoint, rejects, canRepeatRejects: true);
        }
    }

    private static bool IsBad(string key) => key.StartsWith("bad", StringComparison.Ordinal);

    // One row in twenty is refused by the service, one in forty has no key; each key comes once.
    private static string MakeText(Random random) => "user_id,value\n" + string.Concat(Enumerable.Range(0, Rows).Select(row => random.Next(40) switch
    {
        0 => $",{row}\n",
        1 or 2 => $"bad{row},{new string('x', random.Next(300))}\n",
        _ => $"k{row},{row}\n",
    }));

    private static void CheckStop(JsonElement account, string failure, string checkpoint, string rejects, EmulatedConnection connection)
    {
        Assert.Contains(failure, new[] { nameof(CheckpointException), nameof(RejectFileException) });
        Assert.Contains(failure == nameof(CheckpointException) ? checkpoint : rejects, account.GetProperty("Failure").GetString(), StringComparison.Ordinal);
        Assert.Contains("can't be written", account.GetProperty("Failure").GetString(), StringComparison.Ordinal);
        if (account.GetProperty("Read").GetInt64() == 0)
        {
            return;
        }

        // Unknown are those of a refused request that was being taken apart: which of them are good was not asked any more.
        var counts = new[] { "Sent", "Rejected", "Skipped", "Unknown", "NotSent" }.Select(name => account.GetProperty(name).GetInt64()).ToArray();
        Assert.Equal(account.GetProperty("Read").GetInt64(), counts.Sum());
        Assert.InRange(connection.Arrivals.Where(arrival => arrival.Accepted).Select(arrival => arrival.KeyJson).Distinct().Count(), counts[0], counts[0] + counts[3] + counts[4]);
        Assert.False(account.GetProperty("Completed").GetBoolean());
    }

    private static void CheckEnd(JsonElement account, EmulatedConnection connection, string checkpoint, string rejects, bool canRepeatRejects = false)
    {
        var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(rejects)!, "customers.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var good = lines.Where(row => row[0].Length > 0 && !IsBad(row[0])).ToList();
        Assert.True(account.GetProperty("Completed").GetBoolean());
        Assert.Equal((Rows, good.Count, Rows - good.Count), (account.GetProperty("Read").GetInt32(), account.GetProperty("Sent").GetInt32(), account.GetProperty("Rejected").GetInt32()));
        Assert.Equal(
            good.Select(row => $$"""{"user_id":"{{row[0]}}","value":"{{row[1]}}"}""").Order(StringComparer.Ordinal),
            connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));

        var kept = File.ReadLines(rejects).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("_optimove_reject").GetProperty("line").GetInt32()).ToList();
        var rejected = Enumerable.Range(2, Rows).Where(line => lines[line - 2][0].Length == 0 || IsBad(lines[line - 2][0])).ToList();
        Assert.Equal(rejected, (canRepeatRejects ? kept.Distinct() : kept).Order());
        Assert.False(File.Exists(checkpoint), "The checkpoint is still there.");
    }

    private static void Cut(string path, Random random)
    {
        if (File.Exists(path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);

            // Within the last tenth: what was cut there had been written last.
            file.SetLength(file.Length - random.Next((int)(file.Length / 10) + 1));
        }
    }
}
