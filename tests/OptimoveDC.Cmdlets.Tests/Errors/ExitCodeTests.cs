using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>What a runbook's scheduler sees: the exit code of the process that ran the script.</summary>
public sealed class ExitCodeTests
{
    private const string Open = """
        $emulator = Start-OptimoveEmulator
        Connect-Optimove -Emulator $emulator
        $connection = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id

        """;

    // As when a key expires: nobody takes the records any more.
    private const string Incomplete = """
        $key = [securestring]::new()
        'expired'.ToCharArray() | ForEach-Object { $key.AppendChar($_) }
        Connect-Optimove -ApiKey $key -BrandKey $emulator.BrandKey -Uri $emulator.Uri
        1..3 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $connection -KeyProperty user_id

        """;

    private const string Rejected = "@{ user_id = 1 }, @{ nothing = 1 } | Import-OptimoveData -DataConnectionId $connection\n";
    private const string Stop = "$ErrorActionPreference = 'Stop'\n";
    private const string Last = "'the last line'\n";

    [Theory]
    [InlineData(Open + Rejected + Last, 0, true, "no field 'user_id'")]
    [InlineData(Open + Incomplete + Last, 0, true, "401")]
    [InlineData(Stop + Open + Last, 0, true, "")]
    [InlineData(Stop + Open + Incomplete + Last, 1, false, "3 not sent")]
    [InlineData(Stop + Open + Rejected + Last, 1, false, "no field 'user_id'")]
    [InlineData(Stop + Open + "try {\n" + Incomplete + "}\ncatch { exit 7 }\n" + Last, 7, false, "")]
    public async Task A_script_ends_with_0_after_errors_it_went_on_from_and_with_1_when_an_incomplete_import_stopped_it(
        string script, int code, bool reachesTheEnd, string reason)
    {
        using var folder = new TemporaryFolder();

        var run = await BuiltProgram.RunAsync("OptimoveDC.Demo", folder.Write("runbook.ps1", script));

        Assert.Equal((code, reachesTheEnd), (run.Code, run.Output.Contains("the last line", StringComparison.Ordinal)));
        Assert.Contains(reason, (run.Output + run.Errors).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
