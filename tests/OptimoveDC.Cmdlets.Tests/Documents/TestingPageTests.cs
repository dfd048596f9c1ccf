using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>The tests that the page about testing names are there.</summary>
public sealed partial class TestingPageTests
{
    private static readonly string Tests = Path.Combine(PackagedModule.RepositoryRoot, "tests");

    public static TheoryData<string, string> Named() =>
        [.. TestName().Matches(File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "docs", "testing.md")))
            .Select(match => (match.Groups["class"].Value, match.Groups["test"].Value))];

    [Theory]
    [MemberData(nameof(Named))]
    public void A_test_that_the_page_names_is_there(string type, string test)
    {
        var file = Assert.Single(Directory.GetFiles(Tests, type + ".cs", SearchOption.AllDirectories));

        Assert.Matches($@"\b{test}\(", File.ReadAllText(file));
    }

    [GeneratedRegex(@"`(?<class>[A-Z][A-Za-z]+Tests)\.(?<test>[A-Z]\w+)`")]
    private static partial Regex TestName();
}
