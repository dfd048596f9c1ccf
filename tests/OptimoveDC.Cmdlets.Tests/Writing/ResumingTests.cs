using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>An import that broke off is found, and goes on where it stopped.</summary>
public sealed class ResumingTests
{
    private const string Import = "Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1 ";

    [Fact]
    public async Task A_file_import_that_broke_off_names_its_batch_and_the_command_that_goes_on_and_that_command_does()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        var first = shell.Run(Import + "-ColumnType @{ amount = 'Number' } -TimeToLive 1.00:00:00 -MaxReject 5%");

        Assert.Equal("Optimove.AuthenticationFailed", first.LastError.FullyQualifiedErrorId.Split(',')[0]);
        var broken = Assert.IsType<LoadResult>(first.LastError.TargetObject);
        Assert.True(File.Exists(broken.CheckpointPath));
        var message = first.LastError.ErrorDetails.Message;
        Assert.Contains(broken.BatchId.ToString()!, message, StringComparison.Ordinal);

        var unfinished = Assert.Single(shell.Run("Get-OptimoveImport").Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id);
        Assert.Equal((broken.BatchId, 30L), (unfinished.BatchId, unfinished.Sent));
        Assert.EndsWith(unfinished.ResumeCommand!, message, StringComparison.Ordinal);
        Assert.Contains("-ColumnType @{ 'amount' = 'Number' }", unfinished.ResumeCommand, StringComparison.Ordinal);
        Assert.Contains("-TimeToLive 86400", unfinished.ResumeCommand, StringComparison.Ordinal);

        shell.Options.FaultPlan = null;
        shell.Run("Connect-Optimove -Uri $uri -Credential $credential").EnsureSucceeded();
        var second = shell.Run(unfinished.ResumeCommand!).Only<LoadResult>();

        Assert.Equal((95L, 95L, true, broken.BatchId), (second.Read, second.Sent, second.Completed, second.BatchId));
        Assert.Null(second.CheckpointPath);
        Assert.Equal(95, shell.Connection.Records.Count);
        Assert.True(Assert.Single(shell.Connection.Batches).Completed);
        Assert.DoesNotContain(shell.Run("Get-OptimoveImport").Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id);
    }

    [Fact]
    public async Task A_pipeline_that_is_run_again_goes_on_from_the_checkpoint_it_named()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Shell.Set("checkpoint", Path.Combine(folder.Path, "nightly.checkpoint"));
        const string Pipeline = "1..95 | ForEach-Object { [pscustomobject]@{ user_id = \"$_\"; amount = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -CheckpointPath $checkpoint ";
        Assert.NotNull(shell.Run(Pipeline).LastError);
        var unfinished = Assert.Single(shell.Run("Get-OptimoveImport -CheckpointPath $checkpoint").Objects<UnfinishedImport>());
        Assert.Equal("pipeline", unfinished.Source);
        shell.Options.FaultPlan = null;

        var result = shell.Run(Pipeline + "-Resume").Only<LoadResult>();

        Assert.Equal((95L, 95L, true), (result.Read, result.Sent, result.Completed));
        Assert.Equal(95, shell.Connection.Records.Count);
        Assert.Single(shell.Connection.Batches);
    }

    [Fact]
    public async Task A_pipeline_cannot_be_resumed_without_naming_its_checkpoint()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;

        Assert.Contains("-CheckpointPath", shell.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -Resume").LastError.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_plain_run_after_a_broken_one_warns_of_it_and_starts_afresh()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Run(Import);
        shell.Options.FaultPlan = null;
        var run = shell.Run(Import).EnsureSucceeded();

        Assert.Contains("-Resume", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal(95, Assert.Single(run.Objects<LoadResult>()).Sent);
        Assert.Equal(2, shell.Connection.Batches.Count);
    }

    [Fact]
    public async Task Without_a_checkpoint_Resume_warns_and_starts_afresh()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Options.FaultPlan = null;
        var run = shell.Run(Import + "-Resume").EnsureSucceeded();

        Assert.Contains("afresh", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.True(Assert.Single(run.Objects<LoadResult>()).Completed);
    }

    [Theory]
    [InlineData("-ColumnType @{ amount = 'Number' }", "-ColumnType")]
    [InlineData("-TimeToLive 60", "-TimeToLive")]
    [InlineData("-KeyType Number", "-KeyType")]
    [InlineData("-BatchId 5f0f6a5e-5d27-4a4c-9b3c-0c9a3b7f7a11", "-BatchId")]
    public async Task Options_that_change_content_must_be_those_of_the_beginning(string option, string named)
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Run(Import);
        var before = shell.Server.Service.RequestCount;
        var error = shell.Run(Import + "-Resume " + option).LastError;

        Assert.Equal("Optimove.CheckpointMismatch", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task An_edited_file_is_refused_with_the_range_of_lines()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Run(Import);
        shell.Options.FaultPlan = null;
        File.WriteAllText(Path.Combine(folder.Path, "customers.csv"), Rows(edited: 17));
        var before = shell.Server.Service.RequestCount;
        var error = shell.Run(Import + "-Resume").LastError;

        Assert.Equal("Optimove.SourceChanged", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("from line 12 to line 21", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.ErrorDetails.RecommendedAction);
        Assert.Equal(before, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Breaking_off_leaves_the_checkpoint_finished_so_that_the_import_can_go_on()
    {
        await using var shell = Open(out var folder);
        using var _ = folder;
        shell.Options.FaultPlan = request => request.BodyText()!.Contains("\"40\"", StringComparison.Ordinal) ? new Fault { NeverAnswer = true } : null;
        using (var invocation = shell.Shell.Start(Import))
        {
            await Wait.UntilAsync(() => shell.Server.Service.RequestCount > 3);
            await invocation.StopAsync();
        }

        var unfinished = Assert.Single(shell.Run("Get-OptimoveImport").Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id);
        Assert.Equal(30, unfinished.Sent);
        shell.Options.FaultPlan = null;

        Assert.Equal(95, shell.Run(unfinished.ResumeCommand!).Only<LoadResult>().Sent);
        Assert.Equal(95, shell.Connection.Records.Count);
    }

    [Fact]
    public async Task Rejected_records_are_written_with_the_reason_and_WhatIf_touches_no_file()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { RejectRecord = record => record.GetProperty("amount").ToString() == "13" });
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,amount\n1,12\n2,13\n,14\n4,15,extra\n")).Set("rejects", Path.Combine(folder.Path, "rejects.ndjson"));
        var run = shell.Run(Import + "-RejectPath $rejects");

        Assert.Equal(3, run.Errors.Count);
        var lines = File.ReadAllLines(Path.Combine(folder.Path, "rejects.ndjson")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([3L, 4L, 5L], lines.Select(line => line.GetProperty("_optimove_reject").GetProperty("line").GetInt64()).Order());
        Assert.Contains(lines, line => line.GetProperty("user_id").GetString() == "2" && line.GetProperty("_optimove_reject").GetProperty("status").GetInt32() == 400);
        Assert.Equal(Path.Combine(folder.Path, "rejects.ndjson"), run.Objects<LoadResult>()[0].RejectPath);

        shell.Run(Import + "-RejectPath $rejects -WhatIf").EnsureSucceeded();
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder.Path, "rejects.ndjson")).Length);
        Assert.Contains("being imported", shell.Run(Import + "-RejectPath $csv").LastError.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_refused_of_a_large_import_are_in_the_reject_file_and_importing_it_mended_completes_the_content(bool named)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            NameBadKeysStructurally = named,
            RejectRecord = record => record.GetProperty("tier").GetString() == "bad",
        });
        using var folder = new TemporaryFolder();
        var rejects = Path.Combine(folder.Path, "rejects.ndjson");
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,tier\n" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n:D7},{(n % 541 == 7 ? "bad" : "gold")}\n")))).Set("rejects", rejects);
        var first = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -RejectPath $rejects").Objects<LoadResult>()[0];

        Assert.Equal((19_963L, 37L, true), (first.Sent, first.Rejected, first.Completed));
        Assert.InRange(first.Requests, 5, named ? 20 : 900);
        Assert.Equal(37, File.ReadAllLines(rejects).Length);

        File.WriteAllText(rejects, File.ReadAllText(rejects).Replace("\"bad\"", "\"silver\"", StringComparison.Ordinal));
        var second = shell.Run("Import-OptimoveData -Path $rejects -DataConnectionId $id -KeyProperty user_id").Only<LoadResult>();

        Assert.Equal((37L, true), (second.Sent, second.Completed));
        Assert.Equal(20_000, shell.Connection.Records.Count);
        Assert.All(shell.Connection.Records, record => Assert.DoesNotContain("_optimove_reject", record.Json, StringComparison.Ordinal));
        Assert.Equal("""{"user_id":"0000007","tier":"silver"}""", shell.Connection.Find("\"0000007\"")!.Json);
    }

    [Fact]
    public async Task Rejected_objects_are_written_as_far_as_they_can_be_and_a_secret_never_is()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("rejects", Path.Combine(folder.Path, "rejects.ndjson"));
        shell.Run("""
            $self = @{ user_id = 5 }; $self.me = $self
            @{ user_id = ''; city = 'Bonn' }, $self, @{ user_id = 1; password = $credential.Password }, 'text' |
                Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -RejectPath $rejects
            """);

        var lines = File.ReadAllLines(Path.Combine(folder.Path, "rejects.ndjson"));
        Assert.Equal(4, lines.Length);
        Assert.Contains("\"city\":\"Bonn\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"user_id\":5", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("\"password\":", lines[2], StringComparison.Ordinal);
        Assert.Equal([false, true, true, false], lines.Select(line => line.Contains("\"incomplete\":true", StringComparison.Ordinal)));
        Assert.Contains("\"value\":\"text\"", lines[3], StringComparison.Ordinal);
    }

    private static ConnectedShell Open(out TemporaryFolder folder)
    {
        var requests = 0;
        folder = new TemporaryFolder();
        var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => Interlocked.Increment(ref requests) > 3 ? new Fault { StatusCode = 401 } : null });
        shell.Shell.Set("csv", folder.Write("customers.csv", Rows(edited: null)));
        return shell;
    }

    private static string Rows(int? edited) =>
        "user_id,amount\n" + string.Concat(Enumerable.Range(1, 95).Select(n => $"{n},{(n == edited ? 999 : n)}\n"));
}
