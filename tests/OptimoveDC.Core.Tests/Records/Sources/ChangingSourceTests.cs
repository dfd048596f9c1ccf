using System.Diagnostics;
using System.Globalization;
using System.Text;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Resuming;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Files that change while they are read, that can't be read, and that are no files.</summary>
public sealed class ChangingSourceTests
{
    private const int Rows = 100_000;

    /// <summary>What happens to the file while its first request is under way; most of it is still to be read then.</summary>
    public enum Change
    {
        Grows,
        IsCutBetweenRows,
        IsCutWithinARow,
        IsEmptied,
        Vanishes,
    }

    [Theory]
    [InlineData(Change.Grows, "a.csv")]
    [InlineData(Change.Grows, "a.ndjson")]
    [InlineData(Change.Vanishes, "a.csv")]
    [InlineData(Change.Vanishes, "a.ndjson")]
    public async Task A_file_that_grows_or_vanishes_is_read_to_its_end(Change change, string name)
    {
        var (report, connection) = await LoadChangingAsync(change, name);

        var expected = Rows + (change == Change.Grows ? 3 : 0);
        Assert.Null(report.Failure);
        Assert.Equal((expected, expected, true), ((int)report.Result.Read, (int)report.Result.Sent, report.Result.Completed));
        Assert.Equal(expected, connection.Records.Count);
    }

    [Theory]
    [InlineData(Change.IsCutBetweenRows, "a.csv")]
    [InlineData(Change.IsCutWithinARow, "a.csv")]
    [InlineData(Change.IsEmptied, "a.csv")]
    [InlineData(Change.IsCutBetweenRows, "a.ndjson")]
    [InlineData(Change.IsCutWithinARow, "a.ndjson")]
    [InlineData(Change.IsEmptied, "a.ndjson")]
    public async Task A_file_that_is_cut_is_not_taken_for_one_that_ends_there(Change change, string name)
    {
        var (report, connection) = await LoadChangingAsync(change, name);

        Assert.Contains("it was cut while it was read", Assert.IsType<SourceException>(report.Failure).Message, StringComparison.Ordinal);
        Assert.False(report.Result.Completed);
        Assert.Equal(report.Result.Read, report.Result.Sent + report.Result.NotSent);
        Assert.Equal(report.Result.Sent, connection.Arrivals.Count(arrival => arrival.Accepted));
        Assert.Empty(connection.Records);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.json")]
    [InlineData("a.ndjson")]
    [InlineData("a.txt")]
    public async Task A_device_that_never_ends_is_refused(string name)
    {
        using var folder = new ScratchFolder();
        await AssertRefusedAsync(folder, name, "/dev/zero", "");
    }

    [Theory]
    [InlineData("/dev/null", "it is empty")]
    [InlineData("/proc/self/mem", "it can't be read")]
    public async Task What_is_empty_or_fails_to_be_read_is_refused(string target, string reason)
    {
        using var folder = new ScratchFolder();
        await AssertRefusedAsync(folder, "a.csv", target, reason);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_refused_by_name()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("a.csv", "user_id\n1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        Assert.SkipWhen(CanRead(path), "Whoever runs this test may read every file.");

        var refusal = await Assert.ThrowsAsync<SourceException>(() => OpenAsync(path));
        Assert.Contains("denied", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "user_id,v\n1,a\n2,b\n3", 4, null)]
    [InlineData("a.ndjson", "{\"user_id\":\"1\"}\n{\"user_id\":\"2\"}\n{\"user_id\":", 3, null)]
    [InlineData("a.json", "[{\"user_id\":\"1\"},\n{\"user_id\":\"2\"},", null, "cut short")]
    [InlineData("a.csv", "user_id,v\n1,a\n2,\"b", null, "not closed")]
    public async Task A_pipe_whose_writer_goes_early_ends_there_and_what_it_left_unfinished_is_said(string name, string text, int? rejectedLine, string? reason)
    {
        using var pipe = FilePipe.Create(name);
        var writing = Task.Run(() => File.WriteAllBytes(pipe.Path, Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), await OpenAsync(pipe.Path));
        await writing;

        Assert.Equal(rejectedLine is { } line ? [line] : [], report.Rejections.Select(rejection => (int)rejection.Line));
        Assert.Contains(reason ?? "", report.Failure?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(reason is null, report.Result.Completed);
        Assert.Equal(reason is null ? 2 : 0, account.Connection.Records.Count);
    }

    [Fact]
    public async Task A_writer_that_would_go_on_for_ever_is_left_when_enough_was_read()
    {
        using var pipe = FilePipe.Create("a.csv");
        var writing = Task.Run(
            () =>
            {
                using var file = new FileStream(pipe.Path, FileMode.Open, FileAccess.Write);
                file.Write("user_id\n"u8);
                for (var row = 0; ; row++)
                {
                    file.Write(Encoding.UTF8.GetBytes(row.ToString(CultureInfo.InvariantCulture) + "\n"));
                }
            },
            TestContext.Current.CancellationToken);
        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), await OpenAsync(pipe.Path, new FileLayout { KeyProperty = "user_id", First = 10 }));

        Assert.Equal((10L, true), (report.Result.Sent, report.Result.Completed));
        await Assert.ThrowsAsync<IOException>(() => writing);
    }

    private static async Task<(LoadReport Report, EmulatedConnection Connection)> LoadChangingAsync(Change change, string name)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write(name, Text(name, Rows));
        Action once = () => Apply(change, path);
        await using var account = EmulatedAccount.Open(new EmulatorOptions
        {
            FaultPlan = _ =>
            {
                Interlocked.Exchange(ref once, static () => { })();
                return null;
            },
        });
        var source = await OpenAsync(path);
        var report = await account.LoadAsync(account.UploadPlan(batchSize: 1000) with { ThrottleLimit = 1 }, source);
        Assert.True(new FileInfo(path) is not { Exists: true } left || left.Length != Text(name, Rows).Length, "Nothing happened to the file.");
        return (report, account.Connection);
    }

    private static string Text(string name, int rows) => name == "a.csv"
        ? "user_id,v\n" + string.Concat(Enumerable.Range(0, rows).Select(n => $"{n:D6},{new string('x', 60)}\n"))
        : string.Concat(Enumerable.Range(0, rows).Select(n => $"{{\"user_id\":\"{n:D6}\",\"v\":\"{new string('x', 60)}\"}}\n"));

    private static void Apply(Change change, string path)
    {
        if (change == Change.Vanishes)
        {
            File.Delete(path);
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (change == Change.Grows)
        {
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3).Select(n => path.EndsWith(".csv", StringComparison.Ordinal) ? $"more{n},x\n" : $"{{\"user_id\":\"more{n}\"}}\n"))));
            return;
        }

        // Each row has the same length, behind the header.
        var isCsv = path.EndsWith(".csv", StringComparison.Ordinal);
        var row = Text(Path.GetFileName(path), 1).Length - (isCsv ? 10 : 0);
        file.SetLength(change == Change.IsEmptied ? 0 : (isCsv ? 10 : 0) + (row * (Rows - 20L)) + (change == Change.IsCutWithinARow ? 9 : 0));
    }

    private static async Task AssertRefusedAsync(ScratchFolder folder, string name, string target, string reason)
    {
        Assert.SkipUnless(File.Exists(target), $"There is no {target} here.");
        File.CreateSymbolicLink(folder.PathOf(name), target);
        await using var account = EmulatedAccount.Open();
        SourceException? refusal;
        try
        {
            refusal = (await account.LoadAsync(account.UploadPlan(), await OpenAsync(folder.PathOf(name)))).Failure as SourceException;
        }
        catch (SourceException exception)
        {
            refusal = exception;
        }

        Assert.Contains(reason, refusal!.Message, StringComparison.Ordinal);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    private static Task<IRecordSource> OpenAsync(string path, FileLayout? layout = null) =>
        RecordFile.OpenAsync(path, layout ?? new FileLayout { KeyProperty = "user_id" }, TestContext.Current.CancellationToken);

    private static bool CanRead(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class FilePipe : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("optimove-");

        private FilePipe(string name) => Path = System.IO.Path.Combine(_folder.FullName, name);

        internal string Path { get; }

        internal static FilePipe Create(string name)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in its file system.");
            var pipe = new FilePipe(name);
            using var process = Process.Start("mkfifo", [pipe.Path]);
            process.WaitForExit();
            return pipe;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
