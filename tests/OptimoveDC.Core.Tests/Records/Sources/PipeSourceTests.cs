using System.Diagnostics;
using System.Text;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>A named pipe is a file that can't be read twice, and that comes when it comes.</summary>
public sealed class PipeSourceTests
{
    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.ndjson")]
    [InlineData("a.json")]
    public async Task Records_are_read_out_of_a_pipe(string name)
    {
        using var pipe = NamedPipe.Create(name);
        var records = Enumerable.Range(0, 20_000).ToList();
        var text = name switch
        {
            "a.csv" => "user_id,v\n" + string.Concat(records.Select(n => $"{n},x{n}\n")),
            "a.json" => $"[{string.Join(",\n", records.Select(n => $"{{\"user_id\":\"{n}\",\"v\":\"x{n}\"}}"))}]",
            _ => string.Concat(records.Select(n => $"{{\"user_id\":\"{n}\",\"v\":\"x{n}\"}}\n")),
        };
        var writing = Task.Run(() => File.WriteAllBytes(pipe.Path, Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);

        await using var account = EmulatedAccount.Open();
        var report = await account.LoadAsync(account.UploadPlan(), await RecordFile.OpenAsync(pipe.Path, new FileLayout { KeyProperty = "user_id" }, TestContext.Current.CancellationToken));
        await writing;

        Assert.Equal((20_000L, true), (report.Result.Sent, report.Result.Completed));
        Assert.Equal("""{"user_id":"19999","v":"x19999"}""", account.Connection.Find("\"19999\"")!.Json);
    }

    [Fact]
    public async Task Waiting_for_a_pipe_that_nobody_writes_to_can_be_stopped()
    {
        using var pipe = NamedPipe.Create("a.csv");
        using var stop = new CancellationTokenSource();
        var opening = RecordFile.OpenAsync(pipe.Path, new FileLayout { KeyProperty = "user_id" }, stop.Token);
        Assert.False(opening.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    private sealed class NamedPipe : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("optimove-");

        private NamedPipe(string name) => Path = System.IO.Path.Combine(_folder.FullName, name);

        internal string Path { get; }

        internal static NamedPipe Create(string name)
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in its file system.");
            var pipe = new NamedPipe(name);
            using var process = Process.Start("mkfifo", [pipe.Path]);
            process.WaitForExit();
            return pipe;
        }

        public void Dispose()
        {
            // Whoever still waits for a writer gets one.
            using (new FileStream(Path, FileMode.Open, FileAccess.ReadWrite))
            {
                _folder.Delete(recursive: true);
            }
        }
    }
}
