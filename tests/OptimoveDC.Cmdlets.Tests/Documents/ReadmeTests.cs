using System.Text.RegularExpressions;
using System.Xml.Linq;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>What the README shows is executed, and what it lists is there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "README.md"));

    [Fact]
    public async Task The_lines_against_the_service_do_what_they_say()
    {
        await using var bench = Workbench.Open();
        var block = Assert.Single(PowerShellBlock.In("README.md"), block => block.Script.Contains("Connect-Optimove -Credential", StringComparison.Ordinal));

        var run = bench.Run(block).EnsureSucceeded();

        Assert.Equal([60L, 60L], run.Objects<LoadResult>().Select(result => result.Sent));
        var connection = bench.Shell.Server.Service.Connections.Single(candidate => candidate.Name == "Loyalty");
        JsonAssert.Equal("""{"user_id":"0000007","purchase_amount":"0.00","tier":"member","city":"Lyon"}""", connection.Find("\"0000007\"")!.Json);
        JsonAssert.Equal("""{"user_id":"0000042","purchase_amount":12.5}""", connection.Find("\"0000042\"")!.Json);
        Assert.Null(connection.Find("\"0000025\""));
        Assert.Equal(58, connection.Records.Count);
    }

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
    public void Every_file_that_a_document_links_to_is_there() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories)
                .Append(Path.Combine(PackagedModule.RepositoryRoot, "README.md")),
            document => Assert.All(
                Link().Matches(Code().Replace(File.ReadAllText(document), "")).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)),
                target => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)), $"{document}: {target}")));

    [Fact]
    public void The_picture_of_an_import_stands_on_the_first_screen_and_shows_progress_as_it_is_today()
    {
        Assert.Contains("](docs/import.svg)", string.Join('\n', Readme.Split('\n').Take(10)), StringComparison.Ordinal);
        var lines = XDocument.Load(Path.Combine(PackagedModule.RepositoryRoot, "docs", "import.svg"))
            .Descendants("{http://www.w3.org/2000/svg}g").Select(line => line.Value).ToList();

        Assert.Contains(lines, line => line.StartsWith("PS> Import-OptimoveData", StringComparison.Ordinal));
        Assert.Contains(lines, line => ProgressLine().IsMatch(line));
        Assert.Contains(lines, line => line.StartsWith("Source", StringComparison.Ordinal) && line.Contains("NotSent", StringComparison.Ordinal));
    }

    [GeneratedRegex("^Loading customers\\.csv \\[[0-9,]+ of [0-9,]+ records read, [0-9,]+/s, [0-9]+ requests +[0-9]+s\\]$")]
    private static partial Regex ProgressLine();

    [GeneratedRegex("^\\| `([A-Z][a-z]+-Optimove[A-Za-z]*)` \\|", RegexOptions.Multiline)]
    private static partial Regex CmdletRow();

    // What looks like a link in code is none.
    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex("\\]\\(([^)#]+)\\)")]
    private static partial Regex Link();
}
