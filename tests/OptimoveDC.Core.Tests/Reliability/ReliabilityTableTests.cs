using System.Reflection;

namespace OptimoveDC.Tests.Reliability;

/// <summary>
/// <c>docs/reliability.md</c> says what is tried, and no more than that. Each project of tests checks the rows of its own
/// classes; this file is part of each.
/// </summary>
public sealed class ReliabilityTableTests
{
    private static readonly Assembly Tests = typeof(ReliabilityTableTests).Assembly;
    private static readonly string[] Projects = ["tests/OptimoveDC.Core.Tests/", "tests/OptimoveDC.Cmdlets.Tests/"];

    private static IReadOnlyList<ReliabilityRow> Rows { get; } =
        ReliabilityRow.ReadAll(File.ReadAllText(Path.Combine(ReliabilityRow.RepositoryRoot, "docs", "reliability.md")));

    [Fact]
    public async Task Each_row_has_a_test_and_the_number_of_its_cases()
    {
        Assert.NotEmpty(Rows);
        var faults = await FaultsOfAsync(Rows);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_row_is_there_twice() =>
        Assert.Empty(Rows.GroupBy(row => (row.What, row.TestClass)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Theory]
    [InlineData("NoSuchTests", "{0}/{0}.csproj", 8, "no class NoSuchTests")]
    [InlineData("ReliabilityTableTests", "{0}/NoSuchFile.cs", 8, "no file")]
    [InlineData("ReliabilityTableTests", "OptimoveDC.Benchmarks/Program.cs", 8, "not of a project that runs")]
    [InlineData("ReliabilityTableTests", "{0}/{0}.csproj", 6, "says 6 times, and ReliabilityTableTests tries it 8 times")]
    [InlineData("ReliabilityTableTests", "{0}/{0}.csproj", 8, "another file")]
    public async Task A_row_that_is_not_true_is_found(string testClass, string path, int times, string expected)
    {
        path = "tests/" + path.Replace("{0}", Tests.GetName().Name, StringComparison.Ordinal);

        var fault = Assert.Single(await FaultsOfAsync([new ReliabilityRow("Something", times, "nothing", testClass, path)]));

        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_read_as_they_are_written()
    {
        const string Table = """
            | what was tried | how often | what was lost | test |
            | --- | ---: | --- | --- |
            | A thing, and another | 5,000 | nothing | [SomeTests](../tests/Some/SomeTests.cs) |

            | another | table |
            | --- | --- |
            | A | B |
            """;

        Assert.Equal([new ReliabilityRow("A thing, and another", 5000, "nothing", "SomeTests", "tests/Some/SomeTests.cs")], ReliabilityRow.ReadAll(Table));
        Assert.Throws<FormatException>(() => ReliabilityRow.ReadAll(Table.Replace("5,000", "many", StringComparison.Ordinal)));
    }

    private static bool IsOfThisProject(string path) => path.StartsWith($"tests/{Tests.GetName().Name}/", StringComparison.Ordinal);

    private static async Task<List<string>> FaultsOfAsync(IEnumerable<ReliabilityRow> rows)
    {
        var faults = new List<string>();
        foreach (var row in rows)
        {
            if (await FaultOfAsync(row) is { } fault)
            {
                faults.Add($"'{row.What}': {fault}");
            }
        }

        return faults;
    }

    private static async Task<string?> FaultOfAsync(ReliabilityRow row)
    {
        if (!Projects.Any(project => row.TestPath.StartsWith(project, StringComparison.Ordinal)))
        {
            return $"{row.TestPath} is not of a project that runs with every test";
        }

        if (!File.Exists(Path.Combine(ReliabilityRow.RepositoryRoot, row.TestPath)))
        {
            return $"there is no file {row.TestPath}";
        }

        if (!IsOfThisProject(row.TestPath))
        {
            return null;
        }

        var testClass = Tests.GetTypes().SingleOrDefault(type => type.Name == row.TestClass);
        if (testClass is null)
        {
            return $"there is no class {row.TestClass}";
        }

        var tried = await TriedCases.OfAsync(testClass, row.What);
        return tried != row.Times ? $"the table says {row.Times} times, and {row.TestClass} tries it {tried} times"
            : Path.GetFileName(row.TestPath) != row.TestClass + ".cs" ? $"{row.TestPath} is another file"
            : null;
    }
}
