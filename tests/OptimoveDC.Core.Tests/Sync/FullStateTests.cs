namespace OptimoveDC.Core.Tests.Sync;

/// <summary>
/// The disk is full under the state of a sync: it stops and says so, the state claims nothing that isn't so, and the next sync
/// with room mends everything. The system itself refuses the writes.
/// </summary>
public sealed class FullStateTests
{
    private const int Customers = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_sync_on_a_full_disk_claims_nothing_that_is_not_so_and_the_next_one_mends_everything(int seed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit to the files of one process.");
        var random = new Random(seed);
        await using var file = new SyncedFile();
        List<(string, string)> today = [.. Enumerable.Range(0, Customers).Select(number => ($"c{number:D5}", $"{random.Next()}"))];
        file.Write(today);

        // Each run gets a little more room than the one before.
        var (stops, exitCode) = (0, 1);
        for (var limit = random.Next(0, 20_000); exitCode != 0; limit += random.Next(10_000, 60_000))
        {
            Assert.True(stops < 50, "It never comes to its end.");
            using var process = SyncProcess.Start(file, batch: 100, deletes: 10, _ => { }, $"limit={limit}");
            exitCode = await process.EndAsync();
            if (exitCode != 0)
            {
                stops++;
                Assert.Contains($"The state {file.StatePath} can't be", process.Errors, StringComparison.Ordinal);
            }

            if (exitCode == 0 || (File.Exists(file.StatePath) && new FileInfo(file.StatePath).Length > 0 && stops > 1))
            {
                file.AssertClaimsAreTrue();
            }
        }

        Assert.True(stops > 0, "There was room enough from the start.");
        file.AssertHolds(today);
        Assert.Equal(today.Count, file.Claims().Count);
        await file.SyncAsync();
        Assert.Empty(file.Requests);
    }
}
