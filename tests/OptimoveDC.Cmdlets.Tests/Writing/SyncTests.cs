using System.Management.Automation;
using System.Runtime.Loader;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Sync-OptimoveData through the packaged module.</summary>
public sealed class SyncTests
{
    private const string Sync = "Sync-OptimoveData -Path $csv -StatePath $state -DataConnectionId $id -KeyProperty user_id ";

    [Fact]
    public async Task A_file_is_sent_once_and_then_only_what_changed_and_what_is_gone_is_deleted()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(40));
        var first = shell.Run(Sync).Only<SyncResult>();
        Assert.Equal((40L, 40L, 40L, 1L, true), (first.Read, first.New, first.Sent, first.Requests, first.Completed));

        Assert.Equal((40L, 0L), (shell.Run(Sync).Only<SyncResult>().Unchanged, shell.Run(Sync).Only<SyncResult>().Requests));
        Assert.Equal(1, shell.Server.Service.RequestCount);

        folder.Write("customers.csv", "user_id,value\n" + Rows(39).Replace("k007,7", "k007,changed", StringComparison.Ordinal) + "new,1\n");
        var second = shell.Run(Sync + "-DeleteMissing").Only<SyncResult>();
        Assert.Equal((1L, 1L, 1L, 38L, 2L), (second.New, second.Changed, second.Deleted, second.Unchanged, second.Requests));
        Assert.Equal(40, shell.Connection.Records.Count);
        Assert.Null(shell.Connection.Find("\"k039\""));
        Assert.Contains("changed", shell.Connection.Find("\"k007\"")!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_writes_the_exact_counts_says_what_would_be_done_and_leaves_everything_as_it_was()
    {
        var host = new ScreenHost();
        await using var shell = ConnectedShell.Open(host: host);
        using var folder = Prepare(shell, Rows(40));
        var before = shell.Run(Sync + "-WhatIf").Only<SyncResult>();
        Assert.Equal((40L, 40L, 0L, false), (before.New, before.NotSent, before.Requests, before.Completed));
        Assert.False(File.Exists(Path.Combine(folder.Path, "state.db")));

        shell.Run(Sync).EnsureSucceeded();
        folder.Write("customers.csv", "user_id,value\n" + Rows(39) + "new,1\n");
        var plan = shell.Run("$WhatIfPreference = $true; " + Sync + "-DeleteMissing; $WhatIfPreference = $false").Only<SyncResult>();
        Assert.Equal((1L, 1L, 39L), (plan.New, plan.ToDelete, plan.Unchanged));
        Assert.Equal(1, shell.Server.Service.RequestCount);
        Assert.Contains("Upload 1 records of", host.Screen.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("delete 1 records", host.Screen.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (shell.Run(Sync + "-DeleteMissing").Only<SyncResult>() is var real ? real.New : 0, real.Deleted));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_a_terminating_error_with_the_counts_as_target()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(40));
        shell.Run(Sync).EnsureSucceeded();
        folder.Write("customers.csv", "user_id,value\n" + Rows(20));
        var run = shell.Run(Sync + "-DeleteMissing");

        AssertError(run.LastError, "Optimove.TooManyDeletes", ErrorCategory.LimitsExceeded, "MaxDeletePercent");
        var result = Assert.IsType<SyncResult>(PSObject.AsPSObject(run.LastError.TargetObject).BaseObject);
        Assert.Equal((20L, 0L, 0L), (result.ToDelete, result.Deleted, result.Requests));
        Assert.Same(result, Assert.Single(run.Objects<SyncResult>()));
        Assert.Equal(40, shell.Connection.Records.Count);
        Assert.Equal(20L, shell.Run(Sync + "-DeleteMissing -MaxDeletePercent 50").Only<SyncResult>().Deleted);
    }

    [Fact]
    public async Task A_row_without_a_key_is_an_error_of_its_own_and_another_says_that_nothing_was_deleted()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(40));
        shell.Run(Sync).EnsureSucceeded();
        folder.Write("customers.csv", "user_id,value\n" + Rows(39) + ",1\n");
        var run = shell.Run(Sync + "-DeleteMissing -RejectPath $rejected");

        Assert.Equal(["Optimove.RecordInvalid", "Optimove.DeletesWithheld"], run.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Null(run.TerminatingError);
        Assert.Equal((1L, 1L, 0L, false), run.Objects<SyncResult>().Select(result => (result.Rejected, result.NotDeleted, result.Deleted, result.Completed)).Single());
        Assert.Single(File.ReadLines(Path.Combine(folder.Path, "rejected.ndjson")));
        Assert.Equal(40, shell.Connection.Records.Count);
    }

    [Theory]
    [InlineData("-TimeToLive 60", "Optimove.StateMismatch", ErrorCategory.InvalidArgument, "-Full")]
    [InlineData("-KeyType Number", "Optimove.StateMismatch", ErrorCategory.InvalidArgument, "-StatePath")]
    [InlineData("-DeleteMissing -First 3", "Optimove.ArgumentInvalid", ErrorCategory.InvalidArgument, "")]
    public async Task Arguments_that_can_not_be_meant_are_refused_before_anything_is_sent(string arguments, string id, ErrorCategory category, string advice)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(4));
        shell.Run(Sync).EnsureSucceeded();

        AssertError(shell.Run(Sync + arguments).LastError, id, category, advice);
        Assert.Equal(1, shell.Server.Service.RequestCount);
    }

    [Theory]
    [InlineData("customers.csv", "-StatePath $link", "the file to read")]
    [InlineData("customers.csv", "-StatePath $state -RejectPath $link", "would be overwritten")]
    [InlineData("state.db", "-StatePath $state -RejectPath $link", "would be overwritten")]
    [InlineData("customers.csv", "-StatePath $state -RejectPath $linked/customers.csv", "would be overwritten")]
    public async Task A_link_to_a_file_that_the_sync_needs_is_seen_through_and_the_file_left_as_it_is(string target, string arguments, string reason)
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(4));
        shell.Run(Sync).EnsureSucceeded();
        var path = Path.Combine(folder.Path, target);
        var content = File.ReadAllBytes(path);
        var link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(link, path);
        var linked = Path.Combine(folder.Path, "linked");
        Directory.CreateSymbolicLink(linked, folder.Path);
        shell.Shell.Set("link", link).Set("linked", linked);

        var error = shell.Run("Sync-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id " + arguments).LastError;

        AssertError(error, "Optimove.ArgumentInvalid", ErrorCategory.InvalidArgument, "");
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Columns_renamed_and_typed_are_sent_as_asked_and_compared_as_they_are_sent()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, "a,1.50\n");
        const string Arguments = "-PropertyMap @{ value = 'amount' } -ColumnType @{ value = 'Number' } -TimeToLive 86400 ";
        shell.Run(Sync + Arguments).EnsureSucceeded();
        Assert.Equal("""{"user_id":"a","amount":1.50}""", Assert.Single(shell.Connection.Records).Json);
        Assert.Equal(86400, Assert.Single(shell.Connection.Records).TimeToLiveSeconds);

        Assert.Equal(1L, shell.Run(Sync + Arguments).Only<SyncResult>().Unchanged);
        Assert.Equal(1L, shell.Run(Sync + Arguments + "-RefreshWithin 1.00:00:00").Only<SyncResult>().Refreshed);
        Assert.Equal(2, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_sync_that_is_refused_is_a_terminating_error_and_the_next_one_sends_what_was_open()
    {
        var isRefusing = false;
        await using var shell = ConnectedShell.Open(new EmulatorOptions { FaultPlan = _ => isRefusing ? new Fault { StatusCode = 401 } : null });
        using var folder = Prepare(shell, Rows(10));
        isRefusing = true;
        var run = shell.Run(Sync);
        AssertError(run.LastError, "Optimove.AuthenticationFailed", ErrorCategory.AuthenticationError, "Opti-X UI");
        Assert.Equal((10L, 10L, false), run.Objects<SyncResult>().Select(result => (result.Read, result.NotSent, result.Completed)).Single());

        isRefusing = false;
        var next = shell.Run(Sync).Only<SyncResult>();
        Assert.Equal((10L, 10L, true), (next.Resent, next.Sent, next.Completed));
    }

    [Fact]
    public async Task A_state_that_is_in_use_is_refused()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { Latency = TimeSpan.FromSeconds(30) });
        using var folder = Prepare(shell, Rows(10));
        await using var other = ConnectedShell.Open();
        other.Shell.Set("csv", Path.Combine(folder.Path, "customers.csv")).Set("state", Path.Combine(folder.Path, "state.db"));
        using var running = shell.Shell.Start(Sync);
        await Wait.UntilAsync(() => shell.Server.Service.RequestCount > 0);

        AssertError(other.Run(Sync).LastError, "Optimove.StateInUse", ErrorCategory.ResourceBusy, "other sync");
        await running.StopAsync();

        // What the stopped sync had begun is open, so the next one sends it again.
        shell.Options.Latency = TimeSpan.Zero;
        Assert.Equal((10L, 10L), (shell.Run(Sync).Only<SyncResult>() is var next ? next.Resent : 0, next.Sent));
    }

    [Fact]
    public async Task The_database_lives_in_the_context_of_the_module()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = Prepare(shell, Rows(1));
        shell.Run(Sync).EnsureSucceeded();

        var loaded = AssemblyLoadContext.All.Single(context => context.Name == "OptimoveDC").Assemblies.Select(assembly => assembly.GetName().Name);
        Assert.Contains("Microsoft.Data.Sqlite", loaded);
        Assert.DoesNotContain("Microsoft.Data.Sqlite", AssemblyLoadContext.Default.Assemblies.Select(assembly => assembly.GetName().Name));
    }

    private static void AssertError(ErrorRecord error, string id, ErrorCategory category, string advice)
    {
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(advice, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(number => $"k{number:D3},{number}\n"));

    private static TemporaryFolder Prepare(ConnectedShell shell, string rows)
    {
        var folder = new TemporaryFolder();
        shell.Shell
            .Set("csv", folder.Write("customers.csv", "user_id,value\n" + rows))
            .Set("state", Path.Combine(folder.Path, "state.db"))
            .Set("rejected", Path.Combine(folder.Path, "rejected.ndjson"));
        return folder;
    }
}
