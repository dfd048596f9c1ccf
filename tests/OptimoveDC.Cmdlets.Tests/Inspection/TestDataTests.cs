using System.Management.Automation;
using System.Reflection;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Inspection;

/// <summary>Test-OptimoveData, which needs neither a session nor a network.</summary>
public sealed class TestDataTests
{
    private const string Rows = "user_id,v\n1,1.50\n,2\n01,3\n1,4\n";

    [Fact]
    public async Task One_result_for_each_file_without_a_session()
    {
        await using var shell = ShellSession.Open();
        using var folder = new TemporaryFolder();
        folder.Write("a.csv", Rows);
        folder.Write("b.ndjson", "{\"user_id\":1}\n");
        shell.Set("folder", folder.Path);

        var results = shell.Run("Test-OptimoveData -Path $folder/* -KeyProperty user_id").EnsureSucceeded().Objects<DataTestResult>();

        Assert.Equal(["a.csv", "b.ndjson"], results.Select(result => Path.GetFileName(result.Source)));
        Assert.Equal((4L, 1L, 1L, 1L, 1L, false), (results[0].Read, results[0].Rejected, results[0].BlankKeys, results[0].Duplicates, results[0].NearDuplicates, results[0].Passed));
        Assert.Equal((1L, 1L, true), (results[1].Read, results[1].Requests, results[1].Passed));
    }

    [Fact]
    public async Task Detailed_gives_each_finding_before_the_result_those_about_keys_last()
    {
        await using var shell = ShellSession.Open();
        using var folder = new TemporaryFolder();
        shell.Set("csv", folder.Write("a.csv", Rows));

        var run = shell.Run("Test-OptimoveData $csv -KeyProperty user_id -Detailed").EnsureSucceeded();

        var findings = run.Objects<DataFinding>();
        Assert.Equal([DataFindingKind.BlankKey, DataFindingKind.NumberAsText, DataFindingKind.NearDuplicateKey, DataFindingKind.DuplicateKey], findings.Select(finding => finding.Kind));
        Assert.Equal([3L, 2L, 4L, 5L], findings.Select(finding => finding.Line!.Value));
        Assert.Equal([true, false, false, false], findings.Select(finding => finding.IsReject));
        Assert.Equal(4, Assert.IsType<DataTestResult>(run.Output[^1].BaseObject).Findings);
    }

    [Fact]
    public async Task Objects_of_the_pipeline_are_tested_as_they_would_be_imported()
    {
        await using var shell = ShellSession.Open();

        var run = shell.Run("""
            @{ user_id = 1; v = '7' }, [pscustomobject]@{ user_id = '1'; v = '8' }, @{ v = 2 }, @{ user_id = ' ' }, 'customers.csv', @{ user_id = 5; v = [double]::NaN }, $null |
                Test-OptimoveData -KeyProperty user_id -Detailed
            """).EnsureSucceeded();

        var findings = run.Objects<DataFinding>();
        Assert.Equal(
            [(3L, DataFindingKind.MissingKey), (4, DataFindingKind.BlankKey), (5, DataFindingKind.MalformedRecord), (6, DataFindingKind.InvalidValue), (7, DataFindingKind.MalformedRecord)],
            findings.Where(finding => finding.IsReject).Select(finding => (finding.Line!.Value, finding.Kind)));
        Assert.Equal(
            [DataFindingKind.NearDuplicateKey, DataFindingKind.MixedKeyTypes, DataFindingKind.NumberAsText],
            findings.Where(finding => !finding.IsReject).Select(finding => finding.Kind).Order());
        Assert.Equal(("pipeline", 7L, 2L), run.Objects<DataTestResult>()[0] is var result ? (result.Source, result.Read, result.WouldSend) : default);
    }

    [Fact]
    public async Task What_it_says_of_the_pipeline_is_what_the_import_does()
    {
        await using var shell = ConnectedShell.Open();
        const string Source = "@{ id = 1; a = '1,5'; b = '' }, @{ id = 2; a = '1.5'; b = 'x' }, @{ ID = $null; a = 1 }, @{ a = 1 }, @{ id = 2; a = 2 }";
        const string Options = "-KeyProperty user_id -PropertyMap @{ id = 'user_id' } -ColumnType @{ a = 'Number' } -EmptyValue Omit -ExcludeProperty b";

        var test = shell.Run($"{Source} | Test-OptimoveData {Options} -Detailed").EnsureSucceeded();
        var import = shell.Run($"{Source} | Import-OptimoveData -DataConnectionId $id {Options}");

        var result = import.Objects<LoadResult>()[0];
        var said = test.Objects<DataTestResult>()[0];
        Assert.Equal((result.Read, result.Sent, result.Rejected, result.Skipped, result.Requests), (said.Read, said.WouldSend, said.Rejected, said.Superseded, said.Requests));
        Assert.Equal(import.Errors.Count, test.Objects<DataFinding>().Count(finding => finding.IsReject));
        Assert.All(test.Objects<DataFinding>().Where(finding => finding.IsReject).Zip(import.Errors), pair => Assert.Contains(pair.First.Message, pair.Second.ToString(), StringComparison.Ordinal));
        Assert.Equal("""{"user_id":2,"a":2}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Theory]
    [InlineData("user_id;v\n1;2\n", "say so with -Delimiter")]
    [InlineData("", "it is empty")]
    public async Task A_source_that_cannot_be_read_is_a_finding_and_no_error(string text, string reason)
    {
        await using var shell = ShellSession.Open();
        using var folder = new TemporaryFolder();
        shell.Set("csv", folder.Write("a.csv", text));

        var result = shell.Run("Test-OptimoveData $csv -KeyProperty user_id").Only<DataTestResult>();

        Assert.False(result.Passed);
        Assert.Contains(reason, result.Failure, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(result.Summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_options_that_contradict_each_other_are_errors()
    {
        await using var shell = ShellSession.Open();

        Assert.Equal("Optimove.SourceUnreadable", shell.Run("Test-OptimoveData nowhere.csv -KeyProperty user_id").LastError.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("Optimove.ArgumentInvalid", shell.Run("@{ user_id = 1 } | Test-OptimoveData -KeyProperty user_id -ExcludeProperty user_id").LastError.FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void It_has_the_parameters_of_the_import_that_say_how_a_source_is_read_each_declared_alike()
    {
        var types = ModuleLoader.LoadCmdlets().GetExportedTypes();
        var import = types.Single(type => type.Name == "ImportOptimoveDataCommand");
        var test = types.Single(type => type.Name == "TestOptimoveDataCommand");
        string[] shared = ["Path", "LiteralPath", "InputObject", "ColumnType", "EmptyValue", "Property", "ExcludeProperty", "PropertyMap", "Delimiter", "Encoding", "First", "BatchSize"];

        // A parameter that the import gains for its sources is to be added here, and to the test.
        Assert.Equal(
            import.BaseType!.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(property => property.Name).Order(),
            shared.Except(["Path", "LiteralPath", "InputObject", "BatchSize"]).Order());
        Assert.All(shared, name => Assert.Equal(Describe(import.GetProperty(name)!), Describe(test.GetProperty(name)!)));
    }

    private static IEnumerable<string> Describe(PropertyInfo property) =>
        [property.PropertyType.ToString(), .. property.GetCustomAttributesData().Where(attribute => !attribute.AttributeType.Name.Contains("Nullable", StringComparison.Ordinal)).Select(attribute => attribute.ToString()).Order()];
}
