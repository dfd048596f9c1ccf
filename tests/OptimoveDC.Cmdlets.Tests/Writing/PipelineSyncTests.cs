using System.Data;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Cmdlets.Tests.Tables;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>A sync takes objects, rows, tables and readers as it takes files, and never deletes for want of a row that failed to come.</summary>
public sealed class PipelineSyncTests
{
    private const string Sync = "Sync-OptimoveData -StatePath $state -DataConnectionId $id -KeyProperty user_id ";

    [Theory]
    [InlineData("1..40 | ForEach-Object { [pscustomobject]@{ user_id = \"k$_\"; visits = $_; city = \"c$_\" } } | " + Sync, "pipeline")]
    [InlineData("1..40 | ForEach-Object { [ordered]@{ user_id = \"k$_\"; visits = $_; city = \"c$_\" } } | " + Sync, "pipeline")]
    [InlineData("$table | " + Sync, "pipeline")]
    [InlineData("$table.CreateDataReader() | " + Sync, "pipeline")]
    [InlineData(Sync + "-InputObject $table", "table 'customers'")]
    [InlineData(Sync + "-InputObject $table.DefaultView", "table 'customers'")]
    [InlineData(Sync + "-InputObject $table.CreateDataReader()", "data reader")]
    [InlineData(",$table | " + Sync, "table 'customers'")]
    [InlineData("Get-Item $csv | " + Sync, "customers.csv")]
    public async Task Every_kind_is_sent_once_and_then_not_again(string command, string source)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);
        folder.Write("customers.csv", "user_id,visits,city\n" + string.Concat(Enumerable.Range(1, 40).Select(n => $"k{n},{n},c{n}\n")));
        shell.Shell.Set("csv", Path.Combine(folder.Path, "customers.csv"));

        var first = shell.Run(command + " -DeleteMissing").Only<SyncResult>();
        var second = shell.Run(command + " -DeleteMissing").Only<SyncResult>();

        Assert.Equal((40L, 40L, 40L, 1L, true), (first.Read, first.New, first.Sent, first.Requests, first.Completed));
        Assert.EndsWith(source, first.Source, StringComparison.Ordinal);
        Assert.Equal((40L, 40L, 0L, true), (second.Read, second.Unchanged, second.Requests, second.Completed));
        Assert.Equal(40, shell.Connection.Records.Count);
        Assert.Equal(1, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Only_what_changed_is_sent_and_what_is_gone_is_deleted()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);
        shell.Run("$table | " + Sync).EnsureSucceeded();
        var table = (DataTable)shell.Shell.Get("table")!;
        table.Rows[6]["visits"] = 700;
        table.Rows.RemoveAt(20);

        var result = shell.Run("$table | " + Sync + "-DeleteMissing").Only<SyncResult>();

        Assert.Equal((1L, 38L, 1L, 1L, true), (result.Changed, result.Unchanged, result.Sent, result.Deleted, result.Completed));
        Assert.Contains("700", shell.Connection.Find("\"k7\"")!.Json, StringComparison.Ordinal);
        Assert.Null(shell.Connection.Find("\"k21\""));
    }

    [Theory]
    [InlineData("& { Write-Error 'one row could not be had'; $table } | ", true)]
    [InlineData("& { Write-Error 'one row could not be had' -ErrorAction SilentlyContinue; $table } | ", true)]
    [InlineData("& { $table; Get-Item /no/such/file 2>$null } | ", true)]
    [InlineData("& { $table; try { throw 'handled' } catch { } } | ", true)]
    [InlineData("& { $table; $Error.Clear() } | ", true)]
    [InlineData("$table | ", false)]
    [InlineData("& { Write-Warning 'no error'; $table } | ", false)]
    [InlineData("$table | Where-Object visits -lt 1000 | Sort-Object visits | ", false)]
    public async Task Deletes_are_withheld_when_anything_was_written_to_the_error_list_while_the_pipeline_ran(string upstream, bool areWithheld)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 41);
        shell.Run("Write-Error 'of before' -ErrorAction SilentlyContinue; $table | " + Sync).EnsureSucceeded();
        var table = (DataTable)shell.Shell.Get("table")!;
        table.Rows[3]["visits"] = 400;
        table.Rows.RemoveAt(20);

        var run = shell.Run(upstream + Sync + "-DeleteMissing");

        var result = Assert.Single(run.Objects<SyncResult>());
        Assert.Equal((1L, areWithheld ? 0L : 1L, !areWithheld), (result.Sent, result.Deleted, result.Completed));
        Assert.Equal(areWithheld, shell.Connection.Find("\"k21\"") is not null);
        Assert.Equal(areWithheld ? 1 : 0, run.Errors.Count(error => error.FullyQualifiedErrorId.StartsWith("Optimove.DeletesWithheld", StringComparison.Ordinal)));
        if (areWithheld)
        {
            var withheld = run.Errors[^1];
            Assert.Contains("$Error", withheld.ToString(), StringComparison.Ordinal);
            Assert.Contains("-ErrorAction Stop", withheld.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
            Assert.Same(result, PSObject.AsPSObject(withheld.TargetObject).BaseObject);

            // The next sync, which ran without an error, deletes.
            Assert.Equal(1L, shell.Run("$table | " + Sync + "-DeleteMissing").Only<SyncResult>().Deleted);
        }
    }

    [Fact]
    public async Task Errors_are_no_matter_where_nothing_is_deleted()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 4);

        var run = shell.Run("& { Write-Error 'upstream'; $table } | " + Sync);

        Assert.Equal("upstream", Assert.Single(run.Errors).ToString());
        Assert.True(Assert.Single(run.Objects<SyncResult>()).Completed);
    }

    [Fact]
    public async Task Errors_beyond_the_longest_list_of_them_are_seen_too()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 41);
        shell.Run("1..300 | ForEach-Object { Write-Error $_ -ErrorAction SilentlyContinue }; $table | " + Sync).EnsureSucceeded();
        ((DataTable)shell.Shell.Get("table")!).Rows.RemoveAt(20);

        var run = shell.Run("& { $table; Write-Error 'one more' -ErrorAction SilentlyContinue } | " + Sync + "-DeleteMissing");

        Assert.StartsWith("Optimove.DeletesWithheld", run.Errors[^1].FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("& { $table; throw 'broken off' } | ")]
    [InlineData("& { $table; Write-Error 'broken off' -ErrorAction Stop } | ")]
    public async Task A_pipeline_that_broke_off_sends_nothing_and_deletes_nothing(string upstream)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 41);
        shell.Run("$table | " + Sync).EnsureSucceeded();
        ((DataTable)shell.Shell.Get("table")!).Rows.RemoveAt(20);

        var run = shell.Run(upstream + Sync + "-DeleteMissing");

        Assert.Equal("broken off", run.TerminatingError!.ToString());
        Assert.Empty(run.Objects<SyncResult>());
        Assert.Equal(1, shell.Server.Service.RequestCount);
        Assert.Equal(41, shell.Connection.Records.Count);
        Assert.Equal(1L, shell.Run("$table | " + Sync + "-DeleteMissing").Only<SyncResult>().Deleted);
    }

    [Fact]
    public async Task A_pipeline_without_a_record_is_an_empty_source_and_the_guard_holds()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);
        shell.Run("$table | " + Sync).EnsureSucceeded();

        var run = shell.Run("@() | " + Sync + "-DeleteMissing");

        Assert.StartsWith("Optimove.TooManyDeletes", run.LastError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(40, shell.Connection.Records.Count);
    }

    [Fact]
    public async Task A_reader_that_throws_sends_nothing_and_deletes_nothing()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);
        shell.Shell.Set("reader", new WatchedReader(CustomerTable.Of(40), row => _ = row == 39 ? throw new InvalidOperationException("The connection is broken.") : 0));

        var error = shell.Run(Sync + "-InputObject $reader -DeleteMissing").LastError;

        Assert.StartsWith("Optimove.SourceUnreadable", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("record 38: The connection is broken.", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
        Assert.False(File.Exists(Path.Combine(folder.Path, "state.db")) && shell.Run("$table | " + Sync).Only<SyncResult>().Unchanged > 0);
    }

    [Theory]
    [InlineData("$table | ")]
    [InlineData("$table.CreateDataReader() | ForEach-Object { $_ } | ")]
    public async Task A_rejected_record_keeps_its_position_and_its_reason_and_counts_as_present(string upstream)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);
        shell.Run("$table | " + Sync).EnsureSucceeded();
        var table = (DataTable)shell.Shell.Get("table")!;
        table.Columns.Add("score", typeof(double));
        table.Rows[29]["score"] = double.NaN;

        var run = shell.Run(upstream + Sync + "-DeleteMissing -RejectPath $rejected");

        var rejected = Assert.IsType<RejectedRecord>(run.Error.TargetObject);
        Assert.Equal((30L, "\"k30\""), (rejected.Line, rejected.PrimaryKey));
        Assert.Contains("'score'", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal((39L, 1L, 0L), run.Objects<SyncResult>().Select(result => (result.Changed, result.Rejected, result.Missing)).Single());
        Assert.Single(File.ReadLines(Path.Combine(folder.Path, "rejected.ndjson")));
        Assert.NotNull(shell.Connection.Find("\"k30\""));
    }

    [Fact]
    public async Task Too_many_rejects_end_the_pipeline_before_it_has_run_out()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 1);

        var run = shell.Run("$made = 0; 1..100000 | ForEach-Object { $script:made++; [pscustomobject]@{ other = $_ } } | " + Sync + "-MaxReject 10");

        Assert.StartsWith("Optimove.TooManyRejects", run.LastError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.InRange((int)shell.Shell.Get("made")!, 11, 20);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task Columns_are_chosen_and_the_first_records_taken_as_from_a_file()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 40);

        var result = shell.Run("$table | " + Sync + "-First 2 -Property visits -PropertyMap @{ visits = 'count' }").Only<SyncResult>();

        Assert.Equal((2L, 2L), (result.Read, result.Sent));
        Assert.Equal(["""{"user_id":"k1","count":1}""", """{"user_id":"k2","count":2}"""], shell.Connection.Records.Select(record => record.Json));
    }

    [Fact]
    public async Task WhatIf_counts_exactly_and_sends_nothing()
    {
        await using var shell = ConnectedShell.Open(host: new ScreenHost());
        using var folder = Prepare(shell, 40);

        var result = shell.Run("$table | " + Sync + "-WhatIf").Only<SyncResult>();

        Assert.Equal((40L, 40L, 0L, false), (result.Read, result.New, result.Requests, result.Completed));
        Assert.Equal(0, shell.Server.Service.RequestCount);
        Assert.False(File.Exists(Path.Combine(folder.Path, "state.db")));
    }

    [Theory]
    [InlineData("$table, $table.Copy() | ForEach-Object { ,$_ } | ", "more came after it")]
    [InlineData("& { ,$table; @{ user_id = 1 } } | ", "more came after it")]
    [InlineData("& { @{ user_id = 1 }; ,$table } | ", "and then table 'customers'")]
    public async Task A_second_source_is_refused_before_anything_is_sent(string upstream, string reason)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 4);

        var error = shell.Run(upstream + Sync).LastError;

        Assert.StartsWith("Optimove.ArgumentInvalid", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task What_a_pipeline_gave_lies_in_no_file_that_has_a_name_while_it_is_kept()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, 1);
        var before = Spools();

        shell.Run("1..20000 | ForEach-Object { if ($_ -eq 20000) { $script:seen = @(Get-ChildItem ([IO.Path]::GetTempPath()) -Filter optimove-records*).Count }; [pscustomobject]@{ user_id = $_; text = 'secret' } } | " + Sync).EnsureSucceeded();

        Assert.Equal(0, shell.Shell.Get("seen"));
        Assert.Equal(before, Spools());
    }

    private static int Spools() => OperatingSystem.IsLinux()
        ? Directory.EnumerateFiles("/proc/self/fd").Count(link => new FileInfo(link).LinkTarget?.Contains("optimove-records", StringComparison.Ordinal) == true)
        : 0;

    private static TemporaryFolder Prepare(ConnectedShell shell, int rows)
    {
        var folder = new TemporaryFolder();
        shell.Shell
            .Set("table", CustomerTable.Of(rows))
            .Set("state", Path.Combine(folder.Path, "state.db"))
            .Set("rejected", Path.Combine(folder.Path, "rejected.ndjson"));
        return folder;
    }
}
