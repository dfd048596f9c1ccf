using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>One source in shards, as a script calls them.</summary>
public sealed class ShardTests
{
    private const string Import = "Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 ";
    private const string Batch = "-BatchId 5f0f6a5e-5d27-4a4c-9b3c-0c9a3b7f7a11 ";

    [Fact]
    public async Task Shards_of_a_file_and_of_a_pipeline_are_one_batch_and_their_accounts_add_up()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        var run = shell.Run($$"""
            0, 1 | ForEach-Object { {{Import}} {{Batch}} -ShardIndex $_ -ShardCount 3 -KeepBatchOpen }
            1..95 | ForEach-Object { @{ user_id = $_; amount = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id {{Batch}} -ShardIndex 2 -ShardCount 3
            """).EnsureSucceeded();
        var results = run.Objects<LoadResult>();

        Assert.Equal([0, 1, 2], results.Select(result => result.ShardIndex));
        Assert.All(results, result => Assert.Equal((3, 95L, result.Sent), (result.ShardCount, result.Read + result.PassedOver, result.Read)));
        Assert.Equal([false, false, true], results.Select(result => result.Completed));
        Assert.Equal(95, shell.Connection.Records.Count);
        Assert.Empty(run.Warnings);
        Assert.Equal(95, shell.Connection.Arrivals.Count);
    }

    [Theory]
    [InlineData("-ShardIndex 0", "-ShardCount")]
    [InlineData("-ShardCount 4", "-ShardIndex")]
    [InlineData("-ShardIndex 4 -ShardCount 4 " + Batch, "the last is 3")]
    [InlineData("-ShardIndex 0 -ShardCount 4", "[guid]::NewGuid()")]
    [InlineData("-ShardIndex -1 -ShardCount 4 " + Batch, "ShardIndex")]
    [InlineData("-ShardIndex 0 -ShardCount 0 " + Batch, "ShardCount")]
    public async Task Arguments_that_make_no_shard_are_refused_with_what_to_do(string arguments, string said)
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        var run = shell.Run(Import + arguments);

        Assert.Contains(said, run.LastError.ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_shard_that_broke_off_is_listed_with_its_shard_and_the_command_that_goes_on()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        var requests = 0;
        shell.Options.FaultPlan = _ => Interlocked.Increment(ref requests) > 2 ? new Fault { StatusCode = 401 } : null;
        foreach (var shard in new[] { 0, 1 })
        {
            requests = 0;
            Assert.NotNull(shell.Run($"{Import} {Batch} -ShardIndex {shard} -ShardCount 2 {(shard == 0 ? "-KeepBatchOpen" : "")} -ThrottleLimit 1").LastError);
        }

        var unfinished = shell.Run("Get-OptimoveImport").Objects<UnfinishedImport>().Where(import => import.DataConnectionId == shell.Connection.Id).OrderBy(import => import.ShardIndex).ToList();
        Assert.Equal([(0, 2), (1, 2)], unfinished.Select(import => (import.ShardIndex!.Value, import.ShardCount!.Value)));
        Assert.Equal(2, unfinished.Select(import => import.CheckpointPath).Distinct().Count());

        shell.Options.FaultPlan = null;
        shell.Run("Connect-Optimove -Uri $uri -Credential $credential").EnsureSucceeded();
        var results = unfinished.Select(import => shell.Run(import.ResumeCommand!).Only<LoadResult>()).ToList();

        Assert.Equal(95, results.Sum(result => result.Sent));
        Assert.Equal([false, true], results.Select(result => result.Completed));
        Assert.Equal(95, shell.Connection.Arrivals.Count(arrival => arrival.Accepted));
        Assert.True(Assert.Single(shell.Connection.Batches).Completed);
        Assert.DoesNotContain(shell.Run("Get-OptimoveImport").Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id);
    }

    [Theory]
    [InlineData("-ShardIndex 1 -ShardCount 3", "shard 1 of 2")]
    [InlineData("", "shard 1 of 2")]
    public async Task A_checkpoint_is_resumed_as_the_shard_that_it_is_of_and_no_other(string shard, string said)
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Shell.Set("checkpoint", Path.Combine(folder.Path, "checkpoint"));
        shell.Options.FaultPlan = _ => new Fault { StatusCode = 401 };
        Assert.NotNull(shell.Run($"{Import} {Batch} -ShardIndex 1 -ShardCount 2 -CheckpointPath $checkpoint").LastError);
        var before = shell.Server.Service.RequestCount;
        var error = shell.Run($"{Import} {Batch} {shard} -CheckpointPath $checkpoint -Resume").LastError;

        Assert.Equal("Optimove.CheckpointMismatch", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task An_empty_share_is_no_cause_for_a_warning_and_one_that_cannot_close_is_an_error()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Shell.Set("one", folder.Write("one.csv", "user_id\n1\n")).Set("none", folder.Write("none.csv", "user_id,a\n,b\n"));

        // The key 1 is of shard 0.
        const string One = "Import-OptimoveData -Path $one -DataConnectionId $id -KeyProperty user_id " + Batch;
        var worker = shell.Run($"{One} -ShardIndex 1 -ShardCount 8 -KeepBatchOpen").EnsureSucceeded();
        Assert.Empty(worker.Warnings);
        Assert.Equal((0L, 1L), worker.Objects<LoadResult>().Select(result => (result.Read, result.PassedOver)).Single());
        var closing = shell.Run($"{One} -ShardIndex 1 -ShardCount 8").Only<LoadResult>();
        Assert.Equal((0L, true), (closing.Read, closing.Completed));

        var error = shell.Run("Import-OptimoveData -Path $none -DataConnectionId $id -KeyProperty user_id -BatchId 0f0f6a5e-5d27-4a4c-9b3c-0c9a3b7f7a11 -ShardIndex 1 -ShardCount 8").LastError;
        Assert.Equal("Optimove.LoadIncomplete", error.FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public async Task WhatIf_progress_and_views_name_the_shard()
    {
        var host = new ScreenHost();
        await using var shell = ConnectedShell.Open(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(60) }, host: host);
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n" + string.Concat(Enumerable.Range(0, 400).Select(n => $"{n}\n"))));
        shell.Run($"{Import} {Batch} -ShardIndex 1 -ShardCount 2 -WhatIf").EnsureSucceeded();
        Assert.Contains("shard 1 of 2", host.Screen, StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);

        var run = shell.Run($"{Import} {Batch} -ShardIndex 1 -ShardCount 2 -ThrottleLimit 1 | Out-Default").EnsureSucceeded();
        Assert.Contains("1/2 customers", host.Screen, StringComparison.Ordinal);
        Assert.All(run.Progress, record => Assert.Equal("Loading customers.csv, shard 1 of 2", record.Activity));
    }

    // The first would have completed the batch, and nothing may arrive in it after that.
    [Fact]
    public async Task A_second_file_of_the_pipeline_is_not_put_into_a_batch_that_the_first_has_completed()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Shell.Set("more", folder.Write("more.csv", "user_id\n1000\n"));
        var run = shell.Run($"[System.IO.FileInfo] $csv, [System.IO.FileInfo] $more | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id {Batch}");

        Assert.Contains("-KeepBatchOpen", run.LastError.ToString(), StringComparison.Ordinal);
        Assert.Equal((true, 0), Assert.Single(shell.Connection.Batches) is var batch ? (batch.Completed, batch.RequestsAfterCompletion) : default);
    }

    private static ConnectedShell Open(out TemporaryFolder folder)
    {
        folder = new TemporaryFolder();
        var shell = ConnectedShell.Open();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,amount\n" + string.Concat(Enumerable.Range(1, 95).Select(n => $"{n},{n}\n"))));
        return shell;
    }
}
