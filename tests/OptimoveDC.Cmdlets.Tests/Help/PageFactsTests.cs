using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Help;

/// <summary>The program that makes the help, run as the build runs it.</summary>
public sealed class PageFactsTests
{
    private const string Remedy = "Run: dotnet build module/OptimoveDC.Module.csproj -t:RefreshPages";

    [Fact]
    public async Task The_syntax_and_the_facts_in_the_pages_are_those_of_the_cmdlets()
    {
        using var folder = new TemporaryFolder();
        var pages = CopyPages(folder);

        var (code, errors) = await RunAsync("refresh", folder.Path, CmdletAssembly);

        Assert.True(code == 0, errors);
        Assert.All(HelpPage.All, page => Assert.True(
            File.ReadAllText(Path.Combine(HelpPage.Folder, page.Name + ".md")) == File.ReadAllText(Path.Combine(pages, page.Name + ".md")),
            $"{page.Name}.md is out of date. {Remedy}"));
    }

    [Fact]
    public async Task Refreshing_mends_a_fact_and_a_syntax_and_leaves_every_word_alone()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(CopyPages(folder), "Remove-OptimoveRecord.md");
        var right = File.ReadAllText(file);
        File.WriteAllText(file, right
            .Replace("Default value: 1000", "Default value: 7", StringComparison.Ordinal)
            .Replace("-InputObject <Object>", "[-Something]", StringComparison.Ordinal));

        await RunAsync("refresh", folder.Path, CmdletAssembly);

        Assert.Equal(right, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("## NOTES", "## NOTE", "There is no section 'NOTE'")]
    [InlineData("## NOTES", "## INPUTS", "one section")]
    [InlineData("### Example 1:", "### First example", "An example is called")]
    [InlineData("# Remove-OptimoveRecord", "# Remove-Something", "not the name of the file")]
    [InlineData("### -PrimaryKey", "### PrimaryKey", "with its dash")]
    [InlineData("```powershell", "```console", "starts with a block of powershell")]
    public async Task A_page_that_is_not_in_the_form_ends_the_build_with_its_file_and_line(string right, string wrong, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(CopyPages(folder), "Remove-OptimoveRecord.md");
        File.WriteAllText(file, File.ReadAllText(file).Replace(right, wrong, StringComparison.Ordinal));

        var (code, errors) = await RunAsync("make", folder.Path, CmdletAssembly, Path.Combine(folder.Path, "out"));

        Assert.Equal(1, code);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Matches("Remove-OptimoveRecord\\.md\\([0-9]+\\): error HELP001", errors);
    }

    private static string CmdletAssembly => Path.Combine(BuiltProgram.Folder("OptimoveDC.Cmdlets", "net8.0"), "OptimoveDC.Cmdlets.dll");

    private static string CopyPages(TemporaryFolder folder)
    {
        var pages = Directory.CreateDirectory(Path.Combine(folder.Path, "cmdlets")).FullName;
        Directory.CreateDirectory(Path.Combine(folder.Path, "about"));
        foreach (var file in Directory.EnumerateFiles(HelpPage.Folder))
        {
            File.Copy(file, Path.Combine(pages, Path.GetFileName(file)));
        }

        return pages;
    }

    private static async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        var (code, _, errors) = await BuiltProgram.RunAsync("OptimoveDC.Help", arguments);
        return (code, errors);
    }
}
