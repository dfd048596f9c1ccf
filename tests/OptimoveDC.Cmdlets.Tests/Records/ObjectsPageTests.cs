using System.Globalization;
using System.Text;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Records;

/// <summary>Every row of docs/objects.md holds, in each cmdlet that takes objects.</summary>
public sealed class ObjectsPageTests(ObjectsPageTests.OneShell one) : IClassFixture<ObjectsPageTests.OneShell>
{
    private const string Row = "[pscustomobject]@{{ user_id = 'k'; v = {0} }}";

    private static readonly CompositeFormat RowFormat = CompositeFormat.Parse(Row);

    public static TheoryData<int> Values() => [.. ObjectsPage.Rows.Where(row => row.Section == "Values").Select(row => row.Line)];

    public static TheoryData<int> Records() => [.. ObjectsPage.Rows.Where(row => row.Section == "Records").Select(row => row.Line)];

    [Fact]
    public void The_page_has_rows_of_every_part()
    {
        Assert.True(ObjectsPage.Rows.Count(row => row.Section == "Values") > 70);
        Assert.True(ObjectsPage.Rows.Count(row => row.Section == "Records") > 10);
        Assert.All(ObjectsPage.Rows, row => Assert.Contains(row.Section, (string[])["Values", "Records"]));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_field_is_imported_as_the_page_says(int line) => Check(line, $"{RowOf(line)} | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id");

    [Theory]
    [MemberData(nameof(Values))]
    public void A_row_is_updated_as_the_page_says(int line) => Check(line, $"{RowOf(line)} | Set-OptimoveRecord -DataConnectionId $id -KeyProperty user_id");

    [Theory]
    [MemberData(nameof(Values))]
    public void Data_replaces_a_record_as_the_page_says(int line) =>
        Check(line, $"Set-OptimoveRecord -DataConnectionId $id -PrimaryKey 'k' -Data ([ordered]@{{ user_id = 'k'; v = {ObjectsPage.Rows.Single(row => row.Line == line).Example} }})");

    [Theory]
    [MemberData(nameof(Values))]
    public void A_sync_sends_what_the_page_says(int line)
    {
        using var folder = new TemporaryFolder();
        one.Shell.Shell.Set("state", Path.Combine(folder.Path, "state.db"));
        Check(line, $"{RowOf(line)} | Sync-OptimoveData -StatePath $state -DataConnectionId $id -KeyProperty user_id");
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void The_test_says_what_the_import_does(int line)
    {
        var row = ObjectsPage.Rows.Single(row => row.Line == line);

        var result = Assert.Single(one.Shell.Run($"{RowOf(line)} | Test-OptimoveData -KeyProperty user_id").EnsureSucceeded().Objects<DataTestResult>());

        Assert.Equal((row.Json is null ? 1L : 0L, row.Json is null ? 0L : 1L), (result.Rejected, result.WouldSend));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void What_is_on_the_pipeline_is_a_record_as_the_page_says(int line)
    {
        var row = ObjectsPage.Rows.Single(row => row.Line == line);
        var connection = one.NewConnection();

        var run = one.Shell.Run($"{row.Example} | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -WarningAction SilentlyContinue");

        if (row.Refusal is { } refusal)
        {
            Assert.Contains(refusal, run.Errors[0].ToString(), StringComparison.Ordinal);
            Assert.Empty(connection.Records);
        }
        else
        {
            Assert.Equal(row.Json, Assert.Single(connection.Records).Json);
        }
    }

    private static string RowOf(int line) => string.Format(CultureInfo.InvariantCulture, RowFormat, ObjectsPage.Rows.Single(row => row.Line == line).Example);

    private void Check(int line, string command)
    {
        var row = ObjectsPage.Rows.Single(row => row.Line == line);
        var connection = one.NewConnection();

        var run = one.Shell.Run(command);

        if (row.Refusal is { } refusal)
        {
            var error = run.Errors.Count > 0 ? run.Errors[0] : run.LastError;
            Assert.Contains(refusal, error.ToString(), StringComparison.Ordinal);
            Assert.Contains("'v", error.ToString(), StringComparison.Ordinal);
            var target = Assert.IsType<RejectedRecord>(error.TargetObject);
            Assert.True(target.RecordIsIncomplete);
            Assert.Empty(connection.Records);
        }
        else
        {
            Assert.Empty(run.Errors);
            Assert.Equal($$"""{"user_id":"k","v":{{row.Json}}}""", Assert.Single(connection.Records).Json);
        }
    }

    /// <summary>A shell for all rows: each has a Data Connection of its own.</summary>
    public sealed class OneShell : IAsyncDisposable
    {
        private int _connections;

        public ConnectedShell Shell { get; } = ConnectedShell.Open(new EmulatorOptions { AbsentUpdate = AbsentUpdate.Insert });

        public EmulatedConnection NewConnection()
        {
            var connection = Shell.Server.Service.AddConnection(Shell.Brand, $"c{_connections++}", "user_id");
            Shell.Shell.Set("id", connection.Id);
            return connection;
        }

        public ValueTask DisposeAsync() => Shell.DisposeAsync();
    }
}
