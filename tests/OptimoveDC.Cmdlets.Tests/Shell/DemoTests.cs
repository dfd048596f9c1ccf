using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Shell;

/// <summary>The demo is a PowerShell: for somebody who has none, with the packaged module loaded.</summary>
public sealed class DemoTests
{
    private const string WhichModule = "\"module: $((Get-Module OptimoveDC).ModuleBase)\"\n";

    [Fact]
    public async Task Without_arguments_it_tells_the_story_of_the_loyalty_programme()
    {
        var run = await BuiltProgram.RunFileAsync(BuiltProgram.Shell);

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("records before: 5760, after: 0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_run_with_its_arguments_and_the_module_loaded()
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("mine.ps1", "param([int] $Number, [switch] $Loud)\n" + WhichModule + "\"$($Number + 1) $Loud\"\nexit 3\n");

        var run = await BuiltProgram.RunFileAsync(BuiltProgram.Shell, script, "-Number", "41", "-Loud");

        Assert.Equal((3, ""), (run.Code, run.Errors));
        Assert.Equal(["module: " + PackagedModule.Root, "42 True"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task A_prompt_has_the_module_loaded_and_takes_commands_until_it_is_left()
    {
        var run = await BuiltProgram.TypeIntoAsync(
            BuiltProgram.Shell,
            WhichModule + "Start-OptimoveEmulator | Connect-Optimove\n(New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id).Name + '!'\nexit 5\n",
            "-NoExit");

        Assert.Equal((5, ""), (run.Code, run.Errors));
        Assert.Contains("Import-OptimoveData", run.Output, StringComparison.Ordinal);
        Assert.Contains("module: " + PackagedModule.Root, run.Output, StringComparison.Ordinal);
        Assert.Contains("Loyalty!", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anything_else_is_what_pwsh_would_make_of_it()
    {
        var run = await BuiltProgram.RunFileAsync(
            BuiltProgram.Shell,
            "-NoProfile", "-NonInteractive", "-Command", "$null -eq (Get-Module OptimoveDC); (Get-Command Import-OptimoveData).Module.Name; (Get-Date -Year 2026).Year; [pscustomobject]@{ a = 1 } | ConvertTo-Json -Compress");

        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Equal(["True", "OptimoveDC", "2026", """{"a":1}"""], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
