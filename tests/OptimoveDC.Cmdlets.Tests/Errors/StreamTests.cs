using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>Errors, warnings and the other streams behave as those of a built-in cmdlet.</summary>
public sealed class StreamTests
{
    private const string Rows = "$rows = @{ user_id = 'a' }, @{ nothing = 1 }, @{ user_id = 'b' }; ";
    private const string Import = "$rows | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ";

    [Fact]
    public async Task A_rejected_record_is_a_non_terminating_error_and_the_script_goes_on()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run(Rows + Import + "; $?; 'went on'");

        Assert.Null(run.TerminatingError);
        Assert.Equal("Optimove.RecordInvalid", Assert.Single(run.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal([false, "went on"], run.Output.Skip(1).Select(item => item.BaseObject));
        Assert.Equal((3L, 2L, 1L), Counts(Assert.Single(run.Objects<LoadResult>())));
    }

    [Theory]
    [InlineData("SilentlyContinue", 1)]
    [InlineData("Ignore", 0)]
    public async Task ErrorAction_silences_the_stream_and_ErrorVariable_still_has_what_is_not_ignored(string action, int kept)
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run(Rows + "$result = " + Import + $"-ErrorAction {action} -ErrorVariable problems; $result; $Error.Clear(); @($problems).Count").EnsureSucceeded();

        Assert.Equal(kept, Assert.Single(run.Objects<int>()));
        Assert.Equal((3L, 2L, 1L), Counts(Assert.Single(run.Objects<LoadResult>())));
    }

    [Fact]
    public async Task ErrorAction_Stop_raises_the_first_reject_after_all_was_sent_and_the_batch_completed()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run(Rows + "try { $result = " + Import + "-ErrorAction Stop -OutVariable written } catch { $_; $written }");

        var error = Assert.Single(run.EnsureSucceeded().Objects<ErrorRecord>());
        Assert.Equal("Optimove.RecordInvalid", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(2, shell.Connection.Records.Count);
        Assert.True(Assert.Single(run.Objects<LoadResult>()).Completed);
    }

    [Fact]
    public async Task The_preference_of_the_script_counts_as_ErrorAction_does()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("$ErrorActionPreference = 'Stop'; " + Rows + Import + "; 'went on'");

        Assert.NotNull(run.TerminatingError);
        Assert.DoesNotContain(run.Output, item => Equals(item.BaseObject, "went on"));
        Assert.Equal(2, shell.Connection.Records.Count);
    }

    [Fact]
    public async Task A_terminating_error_is_caught_with_its_exception_its_target_and_in_ErrorVariable()
    {
        await using var shell = ConnectedShell.Open(Refusing);

        var run = shell.Run("try { @{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -ErrorAction SilentlyContinue -ErrorVariable problems } catch { $_.TargetObject.NotSent; $_.CategoryInfo.Activity; @($problems).Count -ge 1 }");

        Assert.Equal([1L, "Import-OptimoveData", true], run.EnsureSucceeded().Output.Skip(1).Select(item => item.BaseObject));
    }

    [Fact]
    public async Task WarningAction_Stop_ends_the_call_at_the_first_warning()
    {
        await using var shell = ConnectedShell.Open(new EmulatorOptions { AbsentDelete = AbsentDelete.ShortCount });
        const string Remove = "Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 'nobody' -Confirm:$false ";

        Assert.NotEmpty(shell.Run(Remove).EnsureSucceeded().Warnings);
        Assert.Empty(shell.Run(Remove + "-WarningAction SilentlyContinue -WarningVariable told; if ($told.Count -ne 1) { throw $told.Count }").EnsureSucceeded().Warnings);
        var run = shell.Run("try { " + Remove + "-WarningAction Stop; 'went on' } catch { $_.FullyQualifiedErrorId }");

        Assert.StartsWith("ActionPreferenceStop", run.Only<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutVariable_and_PipelineVariable_work_as_everywhere()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -OutVariable kept -PipelineVariable piped | ForEach-Object { $piped.Sent }; $kept.Sent").EnsureSucceeded();

        Assert.Equal([1L, 1L], run.Objects<long>());
    }

    [Fact]
    public async Task Verbose_is_one_line_a_request_with_method_path_status_duration_and_request_id()
    {
        await using var shell = ConnectedShell.Open();

        var run = shell.Run("1..30 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 10 -Verbose").EnsureSucceeded();

        var requests = run.Verbose.Where(line => line.Contains(" -> ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, requests.Count);
        Assert.All(requests, line => Assert.Matches($"^POST /api/data-connections/v1/connections/{shell.Connection.Id}/upload_data -> 200 in [0-9]+ ms, request id .+$", line));
    }

    [Theory]
    [InlineData("[ordered]@{ user_id = 'CONFIDENTIAL'; n = 1.5 } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id ", "{ user_id: text(12), n: number(3) }")]
    [InlineData("Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 'CONFIDENTIAL' -Data @{ city = 'CONFIDENTIAL' } -ErrorAction SilentlyContinue ", "{ primary_key: text(12), data: { city: text(12) }, ttl: null }")]
    [InlineData("Remove-OptimoveRecord -DataConnectionId $id -PrimaryKey 'CONFIDENTIAL' -Confirm:$false -ErrorAction SilentlyContinue ", "text(12)")]
    public async Task Debug_shows_the_shape_of_the_first_record_and_no_value(string script, string shape)
    {
        await using var shell = ConnectedShell.Open();

        var silent = shell.Run(script);
        Assert.Empty(silent.Debug);

        var run = shell.Run("$DebugPreference = 'Continue'; " + script);
        Assert.Contains(shape, Assert.Single(run.Debug), StringComparison.Ordinal);
        Assert.DoesNotContain("CONFIDENTIAL", string.Join('\n', [.. run.Debug, .. run.Verbose]), StringComparison.Ordinal);
        Assert.Single(shell.Run(script + "-Debug").Debug);
    }

    private static EmulatorOptions Refusing => new() { FaultPlan = _ => new Fault { StatusCode = 401 } };

    private static (long Read, long Sent, long Rejected) Counts(LoadResult result) => (result.Read, result.Sent, result.Rejected);
}
