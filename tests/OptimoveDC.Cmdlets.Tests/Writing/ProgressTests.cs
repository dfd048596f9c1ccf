using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Writing;

/// <summary>Progress is shown now and then, and always taken away.</summary>
public sealed class ProgressTests
{
    [Fact]
    public async Task A_file_import_shows_its_share_at_most_five_times_a_second_and_ends_completed()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(40) });
        using var folder = new TemporaryFolder();
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,text\n" + string.Concat(Enumerable.Range(0, 3000).Select(n => $"{n},{new string('x', 100)}\n"))));
        var run = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 100 -ThrottleLimit 1").EnsureSucceeded();

        Check(run);
        Assert.Contains(run.Progress, record => record.PercentComplete is > 0 and <= 100);
        Assert.Contains(run.Progress, record => record.SecondsRemaining >= 0);
        Assert.Contains(run.Progress, record => record.Activity == "Loading customers.csv" && record.StatusDescription.Contains("/s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_read_and_not_yet_sent_is_no_part_of_the_share()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(400) });
        using var folder = new TemporaryFolder();

        // Read at once, and sent in six turns.
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id\n" + string.Concat(Enumerable.Range(0, 60).Select(n => $"{n}\n"))));
        var run = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1").EnsureSucceeded();

        var shown = run.Progress.SkipLast(1).ToList();
        Assert.Contains(shown, record => record.PercentComplete < 50);
        Assert.DoesNotContain(shown, record => record.PercentComplete == 100 && !record.StatusDescription.StartsWith("60 of 60", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_the_service_accepted_any_record_no_time_is_guessed()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { Latency = TimeSpan.FromMilliseconds(900) });
        using var folder = new TemporaryFolder();

        // The first is rejected at once, for it has no key; the others wait for the service.
        shell.Shell.Set("csv", folder.Write("customers.csv", "user_id,city\n,Oslo\n" + string.Concat(Enumerable.Range(0, 60).Select(n => $"{n},Oslo\n"))));
        var run = shell.Run("Import-OptimoveData -Path $csv -DataConnectionId $id -KeyProperty user_id -BatchSize 30 -ThrottleLimit 1");

        var early = run.Progress.Where(record => record.StatusDescription.StartsWith("1 of", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(early);
        Assert.All(early, record => Assert.Equal(-1, record.SecondsRemaining));
        Assert.Contains(early, record => record.StatusDescription.EndsWith(", 1 request", StringComparison.Ordinal));
        Assert.Contains(run.Progress, record => record.SecondsRemaining >= 0);
    }

    [Theory]
    [InlineData("Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 20 -ThrottleLimit 1")]
    [InlineData("Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -BatchSize 20 -ThrottleLimit 1")]
    [InlineData("Remove-OptimoveRecord -DataConnectionId $id -KeyProperty user_id -BatchSize 20 -ThrottleLimit 1 -Confirm:$false")]
    public async Task A_pipeline_shows_progress_too(string command)
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            Latency = TimeSpan.FromMilliseconds(40), AbsentUpdate = AbsentUpdate.Insert, AbsentDelete = AbsentDelete.ShortCount,
        });
        var run = shell.Pipe(Enumerable.Range(0, 500).Select(n => new { user_id = n }).ToList(), command).EnsureSucceeded();

        Check(run);
    }

    [Fact]
    public async Task An_import_that_fails_takes_its_progress_away_as_well()
    {
        var requests = 0;
        await using var shell = ConnectedShell.Open(new EmulatorOptions
        {
            Latency = TimeSpan.FromMilliseconds(40),
            FaultPlan = _ => Interlocked.Increment(ref requests) > 20 ? new Fault { StatusCode = 401 } : null,
        });
        var run = shell.Pipe(Enumerable.Range(0, 500).Select(n => new { user_id = n }).ToList(), "Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -ThrottleLimit 1");

        Assert.NotNull(run.LastError);
        Check(run);
    }

    private static void Check(ShellRun run)
    {
        Assert.InRange(run.Progress.Count, 2, (run.Elapsed.TotalSeconds * 5) + 2);
        Assert.Equal(ProgressRecordType.Completed, run.Progress[^1].RecordType);
        Assert.All(run.Progress.SkipLast(1), record => Assert.Equal(ProgressRecordType.Processing, record.RecordType));
        Assert.Single(run.Progress.Select(record => record.ActivityId).Distinct());
    }
}
