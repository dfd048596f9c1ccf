using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Stopping reaches the socket at once, however the pipeline ends.</summary>
public sealed class StoppingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("1..100 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10")]
    [InlineData("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id")]
    [InlineData("Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 1 -Data @{ a = 1 }")]
    [InlineData("1..100 | Remove-OptimoveRecord -DataConnectionId $id -Confirm:$false")]
    [InlineData("New-OptimoveDataConnection -Name x -PrimaryKey y")]
    public async Task Ctrl_C_ends_a_request_that_is_never_answered_within_a_second(string script)
    {
        await using var shell = ConnectedShell.Open(Silent);
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n1\n2\n"));
        using var invocation = shell.Shell.Start(script);
        await Wait.UntilAsync(() => shell.Server.Service.RequestCount > 0);

        var stopping = await invocation.StopAsync();

        Assert.True((await invocation.Completion).WasStopped);
        Assert.True(stopping < Bound, $"{stopping}");
    }

    [Fact]
    public async Task A_stream_that_ends_the_cmdlet_while_a_file_is_read_leaves_nothing_running_and_an_import_that_can_go_on()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n" + string.Concat(Enumerable.Range(1, 2000).Select(n => $"{n}\n"))));

        var run = shell.Run("$VerbosePreference = 'Stop'; Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1");

        Assert.IsType<System.Management.Automation.ActionPreferenceStopException>(run.Exception);
        var unfinished = Assert.Single(shell.Run("$VerbosePreference = 'Continue'; Get-OptimoveImport").Objects<UnfinishedImport>(), import => import.DataConnectionId == shell.Connection.Id);
        Assert.InRange(unfinished.Sent, 10, 1990);
        Assert.Equal(2000, shell.Run(unfinished.ResumeCommand!).Only<LoadResult>().Sent);
        Assert.Equal(2000, shell.Connection.Records.Count);
    }

    [Fact]
    public async Task A_consumer_that_throws_ends_the_load_within_a_second_and_the_session_lives_on()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        folder.Write("a.csv", "user_id\n1\n");
        folder.Write("b.csv", "user_id\n2\n");
        shell.Shell.Set("folder", folder.Path);

        var run = shell.Run("Import-OptimoveData -Path $folder/*.csv -DataConnectionId $id -KeyProperty user_id | ForEach-Object { throw 'enough' }");

        Assert.Equal("enough", run.TerminatingError!.ToString());
        Assert.Single(shell.Connection.Records);
        Assert.True(run.Elapsed < Bound, $"{run.Elapsed}");
    }

    [Fact]
    public async Task A_consumer_that_wants_no_more_ends_requests_that_are_never_answered_within_a_second()
    {
        var sinceFile = new System.Diagnostics.Stopwatch();
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            FaultPlan = request =>
            {
                if (request.BodyText()!.Contains("\"file\"", StringComparison.Ordinal))
                {
                    sinceFile.Start();
                    return null;
                }

                return new Fault { NeverAnswer = true };
            },
        });
        using var folder = new TemporaryFolder();
        shell.Shell
            .Set("file", new FileInfo(folder.Write("one.csv", "user_id\nfile\n")));

        // The file's result goes down while two chunks of the objects before it hang.
        var run = shell.Run("& { 1..30 | ForEach-Object { @{ user_id = $_ } }; $file } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10 | Select-Object -First 1");

        Assert.Equal(1, Assert.Single(run.EnsureSucceeded().Objects<LoadResult>()).Sent);
        Assert.True(sinceFile.Elapsed < Bound, $"{sinceFile.Elapsed}");
        Assert.Equal(3, shell.Server.Service.RequestCount);
        Assert.Equal("\"file\"", Assert.Single(shell.Connection.Records).KeyJson);
    }

    [Fact]
    public async Task A_producer_that_throws_leaves_nothing_running()
    {
        await using var shell = ConnectedShell.Open(Silent);

        var run = shell.Run("1..100 | ForEach-Object { if ($_ -eq 50) { throw 'enough' }; @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10");

        Assert.Equal("enough", run.TerminatingError!.ToString());
        Assert.True(run.Elapsed < Bound, $"{run.Elapsed}");
        Assert.InRange(shell.Server.Service.RequestCount, 0, 4);
        Assert.Empty(shell.Connection.Records);
    }

    private static EmulatorOptions Silent => new() { FaultPlan = _ => new Fault { NeverAnswer = true } };
}
