using System.Collections;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests;

/// <summary>The harness itself: what it reports is what happened.</summary>
public class ShellSessionTests
{
    [Fact]
    public async Task A_script_gets_its_input_parameters_and_variables()
    {
        await using var shell = ShellSession.Open(importModule: false);

        var run = shell.Set("offset", 1).Run(
            "param($factor) $input | ForEach-Object { $_ * $factor + $offset }",
            input: new[] { 1, 2, 3 },
            parameters: new Hashtable { ["factor"] = 10 });

        Assert.Equal([11, 21, 31], run.EnsureSucceeded().Objects<int>());
    }

    [Fact]
    public async Task A_terminating_error_keeps_what_came_before_it()
    {
        await using var shell = ShellSession.Open(importModule: false);

        var run = shell.Run("1; throw 'enough'; 2");

        Assert.Equal([1], run.Objects<int>());
        Assert.Equal("enough", run.TerminatingError?.ToString());
        Assert.Equal("enough", run.Error.ToString());
        Assert.Contains("enough", run.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_stream_is_kept()
    {
        await using var shell = ShellSession.Open(importModule: false);
        const string Script = """
            [CmdletBinding()] param()
            $PSCmdlet.WriteWarning('a warning')
            $PSCmdlet.WriteVerbose('a verbose line')
            $PSCmdlet.WriteDebug('a debug line')
            $PSCmdlet.WriteInformation('information', [string[]]@('tag'))
            $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'an activity', 'a status'))
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.Exception]::new('an error'), 'Id', 'NotSpecified', 'the target'))
            """;

        var run = shell.ShowEverything().Run(Script);

        Assert.Equal(["a warning"], run.Warnings);
        Assert.Equal(["a verbose line"], run.Verbose);
        Assert.Equal(["a debug line"], run.Debug);
        Assert.Equal("information", Assert.Single(run.Information).MessageData);
        Assert.Equal("an activity", Assert.Single(run.Progress).Activity);
        Assert.Equal("the target", run.Error.TargetObject);
        foreach (var text in new[] { "a warning", "a verbose line", "a debug line", "information", "a status", "an error", "the target" })
        {
            Assert.Contains(text, run.AllText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_running_script_can_be_stopped_and_the_session_used_again()
    {
        await using var shell = ShellSession.Open(importModule: false);
        using var invocation = shell.Start("'started'; while ($true) { [System.Threading.Thread]::Sleep(1) }");
        await Wait.UntilAsync(() => invocation.OutputSoFar.Count == 1);

        var stopping = await invocation.StopAsync();

        var run = await invocation.Completion;
        Assert.True(run.WasStopped);
        Assert.Null(run.TerminatingError);
        Assert.InRange(stopping, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(2, shell.Run("1 + 1").Only<int>());
    }

    [Fact]
    public async Task Without_a_host_a_prompt_fails_as_in_a_runbook()
    {
        await using var shell = ShellSession.Open(importModule: false);

        var run = shell.Run("[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() $PSCmdlet.ShouldProcess('a record', 'delete')");

        Assert.Contains("does not support user interaction", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task With_a_host_a_prompt_gets_the_answer_it_was_told()
    {
        var host = new ScreenHost("No", "Yes");
        await using var shell = ShellSession.Open(host, importModule: false);
        const string Script = "[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() $PSCmdlet.ShouldProcess('a record', 'delete')";

        Assert.False(shell.Run(Script).Only<bool>());
        Assert.True(shell.Run(Script).Only<bool>());

        Assert.Equal(2, host.Questions.Count);
        Assert.Contains("a record", host.Questions[0], StringComparison.Ordinal);
    }
}
