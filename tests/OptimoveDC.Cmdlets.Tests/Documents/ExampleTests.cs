using System.Management.Automation.Language;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>What the README, the help and the guides show is executed as it stands, against an emulator.</summary>
[Collection(Alone.Name)]
public sealed class ExampleTests : IDisposable
{
    private const string ApiKey = "OPTIMOVE_API_KEY";
    private const string BrandKey = "OPTIMOVE_BRAND_KEY";

    public static TheoryData<string> Blocks() =>
        [.. PowerShellBlock.All.Where(block => !block.IsAboutTheBuild).Select(block => block.ToString())];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task A_block_runs_to_its_end_without_an_error(string where)
    {
        var block = PowerShellBlock.All.Single(candidate => candidate.ToString() == where);
        await using var bench = Workbench.Open();
        Environment.SetEnvironmentVariable(ApiKey, bench.Shell.Brand.ApiKey);
        Environment.SetEnvironmentVariable(BrandKey, bench.Shell.Brand.BrandKey.ToString());

        bench.Run(block).EnsureSucceeded();
    }

    [Fact]
    public void Every_example_of_the_help_calls_the_cmdlet_that_it_is_an_example_of()
    {
        var examples = PowerShellBlock.All.Where(block => block.Document.StartsWith("docs/cmdlets/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains(Path.GetFileNameWithoutExtension(example.Document), Commands(example)));
    }

    [Fact]
    public async Task An_example_that_has_gone_wrong_is_found()
    {
        await using var bench = Workbench.Open();

        var run = bench.Run(new PowerShellBlock("nowhere", 1, "Import-OptimoveData -Path customers.csv -DataConnectionId $id -KeyProperty no_such_column"));

        Assert.Contains("no_such_column", run.LastError.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ApiKey, null);
        Environment.SetEnvironmentVariable(BrandKey, null);
    }

    private static IEnumerable<string> Commands(PowerShellBlock block) =>
        Parser.ParseInput(block.Script, out _, out _)
            .FindAll(static ast => ast is CommandAst, searchNestedScriptBlocks: true)
            .Cast<CommandAst>()
            .Select(command => command.GetCommandName())
            .OfType<string>();
}
