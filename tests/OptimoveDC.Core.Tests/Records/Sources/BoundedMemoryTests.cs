using System.IO.Compression;
using System.Text;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Core.Tests.Resuming;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>
/// Lines of 100 MB and more, in a process whose heap may not grow beyond 240 MiB: what held on to such a line would die of it.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class BoundedMemoryTests
{
    private const long HeapLimit = 240L << 20;
    private const int LineLength = 100_000_000;

    [Theory]
    [InlineData("a.csv", "user_id,v\n1,a\n2,", 3, "longer than")]
    [InlineData("a.csv", "user_id,v\n1,a\n2,\"", 3, "longer than")]
    [InlineData("a.ndjson", "{\"user_id\":\"1\"}\n{\"user_id\":\"", 2, "longer than")]
    [InlineData("a.json", "[{\"user_id\":\"1\"},\n{\"user_id\":\"", 2, "longer than")]
    [InlineData("a.csv.gz", "user_id,v\n1,a\n2,", 3, "longer than")]
    [InlineData("a.ndjson.gz", "{\"user_id\":\"1\"}\n{\"v\":[", 2, "longer than")]
    public async Task A_line_of_a_hundred_megabytes_is_refused_in_bounded_memory(string name, string start, int line, string reason)
    {
        using var folder = new ScratchFolder();
        var path = folder.PathOf(name);
        await WriteAsync(path, start, name.EndsWith(".gz", StringComparison.Ordinal));
        await using var account = EmulatedAccount.Open();
        using var process = ImportProcess.StartWithin(HeapLimit, account.Server, account.Connection, path, folder.PathOf("checkpoint"));
        var result = (await process.EndAsync())!.Value;

        Assert.Equal(HeapLimit, result.GetProperty("HeapLimit").GetInt64());
        Assert.Equal("SourceException", result.GetProperty("FailureType").GetString());
        Assert.Contains($"line {line}: ", result.GetProperty("Failure").GetString(), StringComparison.Ordinal);
        Assert.Contains(reason, result.GetProperty("Failure").GetString(), StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (result.GetProperty("Read").GetInt64(), result.GetProperty("NotSent").GetInt64()));
        Assert.Equal(0, account.Server.Service.RequestCount);
    }

    private static async Task WriteAsync(string path, string start, bool isPacked)
    {
        await using var file = File.Create(path);
        await using Stream stream = isPacked ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(start), TestContext.Current.CancellationToken);
        var block = Encoding.UTF8.GetBytes(new string('1', 1_000_000));
        for (var written = 0; written < LineLength; written += block.Length)
        {
            await stream.WriteAsync(block, TestContext.Current.CancellationToken);
        }
    }
}
