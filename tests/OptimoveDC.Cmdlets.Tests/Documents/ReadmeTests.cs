using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>What the README shows is executed, and what it lists is there.</summary>
public sealed partial class ReadmeTests
{
    // What a real shell has and the bare engine lacks.
    private const string StandIns = """
        function Get-Credential { param($Message) $credential }
        function Import-Csv {
            param($Path)
            $lines = [System.IO.File]::ReadAllLines("$folder/$Path")
            $names = $lines[0].Split(',')
            foreach ($line in $lines[1..($lines.Count - 1)]) {
                $fields = $line.Split(',')
                $row = [ordered]@{}
                for ($i = 0; $i -lt $names.Count; $i++) { $row[$names[$i]] = $fields[$i] }
                [pscustomobject]$row
            }
        }
        """;

    private static readonly string Readme = File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "README.md"));

    [Fact]
    public async Task The_lines_against_the_service_do_what_they_say()
    {
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        var rows = string.Concat(Enumerable.Range(1, 60).Select(n => $"{n:D7},{n}.50\n"));
        folder.Write("customers.csv", "user_id,purchase_amount\n" + rows);
        folder.Write("returns.csv", "user_id,purchase_amount\n0000007,0.00\n");
        shell.Shell.Set("folder", folder.Path);
        var block = Assert.Single(Blocks(), text => text.Contains("Connect-Optimove -Credential", StringComparison.Ordinal));
        var run = shell.Run($". {{ {StandIns} }}; $PSDefaultParameterValues = @{{ 'Connect-Optimove:Uri' = $uri }}; {block.Replace("-Path customers.csv", "-Path $folder/customers.csv", StringComparison.Ordinal)}").EnsureSucceeded();

        Assert.Equal([60L, 60L], run.Objects<LoadResult>().Select(result => result.Sent));
        var connection = shell.Server.Service.Connections.Single(candidate => candidate.Name == "Loyalty");
        Assert.Equal("""{"user_id":"0000007","purchase_amount":"0.00"}""", connection.Find("\"0000007\"")!.Json);
        Assert.Contains("12.5", connection.Find("\"0000042\"")!.Json, StringComparison.Ordinal);
        Assert.Null(connection.Find("\"0000025\""));
        Assert.Equal(58, connection.Records.Count);
    }

    [Fact]
    public void Every_block_of_PowerShell_is_either_executed_here_or_calls_the_build_script() =>
        Assert.All(Blocks(), block => Assert.True(
            block.Contains("Connect-Optimove -Credential", StringComparison.Ordinal)
            || block.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.StartsWith("./build.ps1", StringComparison.Ordinal))));

    [Fact]
    public async Task Every_cmdlet_has_a_row_and_every_row_a_cmdlet()
    {
        await using var shell = ShellSession.Open();
        var cmdlets = shell.Run("(Get-Command -Module OptimoveDC).Name").Objects<string>();

        Assert.Equal(cmdlets.Order(), CmdletRow().Matches(Readme).Select(match => match.Groups[1].Value).Order());
    }

    [Fact]
    public void The_two_commands_stand_on_the_first_screen()
    {
        var first = string.Join('\n', Readme.Split('\n').Take(25));
        Assert.Contains("dotnet run --project src/OptimoveDC.Demo", first, StringComparison.Ordinal);
        Assert.Contains("dotnet test", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_it_links_to_is_there() =>
        Assert.All(
            Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)),
            target => Assert.True(File.Exists(Path.Combine(PackagedModule.RepositoryRoot, target)), target));

    private static IReadOnlyList<string> Blocks() => [.. Block().Matches(Readme).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^```powershell\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^\\| `([A-Z][a-z]+-Optimove[A-Za-z]*)` \\|", RegexOptions.Multiline)]
    private static partial Regex CmdletRow();

    [GeneratedRegex("\\]\\(([^)#]+)\\)")]
    private static partial Regex Link();
}
