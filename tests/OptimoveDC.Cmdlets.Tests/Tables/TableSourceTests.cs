using System.Data;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Tables;

/// <summary>A table, a view and an open reader are sources like files: with their columns, their first rows, their rejects.</summary>
public sealed class TableSourceTests
{
    private const string To = " -DataConnectionId $id -KeyProperty user_id ";

    public static TheoryData<string> Sources => ["$table", "$table.DefaultView", "$table.CreateDataReader()"];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_source_is_one_batch_with_a_result_of_its_own(string source)
    {
        await using var shell = Open(CustomerTable.Of(3));

        var result = shell.Run($"Import-OptimoveData -InputObject ({source}) {To}").Only<LoadResult>();

        Assert.Equal((3L, 3L, 1L, true), (result.Read, result.Sent, result.Requests, result.Completed));
        Assert.Equal(
            ["""{"user_id":"k1","visits":1,"city":"c1"}""", """{"user_id":"k2","visits":2,"city":"c2"}""", """{"user_id":"k3","visits":3,"city":null}"""],
            shell.Connection.Records.Select(record => record.Json));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Columns_are_chosen_renamed_and_typed_as_those_of_a_file(string source)
    {
        await using var shell = Open(CustomerTable.Of(2));

        shell.Run($"Import-OptimoveData -InputObject ({source}) {To} -ExcludeProperty City -PropertyMap @{{ visits = 'count' }} -ColumnType @{{ visits = 'Text' }}").EnsureSucceeded();

        Assert.Equal(["""{"user_id":"k1","count":"1"}""", """{"user_id":"k2","count":"2"}"""], shell.Connection.Records.Select(record => record.Json));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Empty_text_is_sent_as_it_is_asked_for(string source)
    {
        var table = CustomerTable.WithColumns("user_id", "city");
        table.Rows[0]["city"] = "";
        await using var shell = Open(table);

        shell.Run($"Import-OptimoveData -InputObject ({source}) {To} -EmptyValue Omit").EnsureSucceeded();

        Assert.Equal("""{"user_id":"user_id"}""", Assert.Single(shell.Connection.Records).Json);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_column_that_is_not_there_is_refused_before_any_request(string source)
    {
        await using var shell = Open(CustomerTable.Of(2));

        var error = shell.Run($"Import-OptimoveData -InputObject ({source}) {To} -Property town").LastError;

        Assert.Equal("Optimove.SourceUnreadable", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("'town', which is not there; the columns are 'user_id', 'visits', 'city'", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Only_the_first_rows_are_read_where_that_is_asked_for(string source)
    {
        await using var shell = Open(CustomerTable.Of(1000));

        var result = shell.Run($"Import-OptimoveData -InputObject ({source}) {To} -First 3").Only<LoadResult>();

        Assert.Equal((3L, 3L, true), (result.Read, result.Sent, result.Completed));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_row_without_a_key_is_rejected_by_its_position_and_the_others_are_sent(string source)
    {
        var table = CustomerTable.Of(300);
        table.Rows[199]["user_id"] = DBNull.Value;
        await using var shell = Open(table);

        var run = shell.Run($"Import-OptimoveData -InputObject ({source}) {To}");

        Assert.Equal((300L, 299L, 1L), run.Objects<LoadResult>().Select(result => (result.Read, result.Sent, result.Rejected)).Single());
        var rejected = Assert.IsType<RejectedRecord>(run.Error.TargetObject);
        Assert.Equal(200, rejected.Line);
        Assert.Contains("primary key is null", rejected.Reason, StringComparison.Ordinal);
        Assert.Contains("\"visits\":200", rejected.Record, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task The_test_takes_the_same_and_finds_the_same(string source)
    {
        var table = CustomerTable.Of(300);
        table.Rows[199]["user_id"] = DBNull.Value;
        table.Rows[9]["user_id"] = "k12";
        await using var shell = Open(table);

        var result = shell.Run($"Test-OptimoveData -InputObject ({source}) -KeyProperty user_id").Only<DataTestResult>();

        Assert.Equal((300L, 1L, 298L), (result.Read, result.Rejected, result.DistinctKeys));
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Theory]
    [InlineData("$table | Import-OptimoveData", "$table.DefaultView | Import-OptimoveData", "$table.CreateDataReader() | Import-OptimoveData", "$table.Rows | Import-OptimoveData")]
    public async Task Piped_in_the_engine_takes_them_apart_and_their_rows_are_records(params string[] commands)
    {
        foreach (var command in commands)
        {
            await using var shell = Open(CustomerTable.Of(2));

            var result = shell.Run(command + To).Only<LoadResult>();

            Assert.Equal(("pipeline", 2L), (result.Source, result.Sent));
            Assert.Equal("""{"user_id":"k1","visits":1,"city":"c1"}""", shell.Connection.Records[0].Json);
        }
    }

    [Fact]
    public async Task Each_of_several_sources_of_a_pipeline_is_a_batch_of_its_own()
    {
        await using var shell = Open(CustomerTable.Of(2));

        var results = shell.Run($"$table.CreateDataReader(), $table.Copy() | ForEach-Object {{ ,$_ }} | Import-OptimoveData {To}").Objects<LoadResult>();

        Assert.Equal(["data reader", "table 'customers'"], results.Select(result => result.Source));
        Assert.Equal(2, shell.Connection.Batches.Count);
    }

    [Fact]
    public async Task A_deleted_row_is_no_record_and_is_left_out_with_one_warning()
    {
        var table = CustomerTable.Of(5);
        table.Rows[1].Delete();
        table.Rows[3].Delete();
        await using var shell = Open(table);

        var test = shell.Run("Test-OptimoveData -InputObject $table -KeyProperty user_id");
        var run = shell.Run("Import-OptimoveData -InputObject $table" + To);

        Assert.Equal((3L, 3L, 0L), run.Objects<LoadResult>().Select(result => (result.Read, result.Sent, result.Skipped)).Single());
        Assert.Equal((3L, 0L), test.Objects<DataTestResult>().Select(result => (result.Read, result.Warnings)).Single());
        Assert.All([run, test], one => Assert.Contains("2 rows of table 'customers' are deleted", Assert.Single(one.Warnings), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_view_gives_its_rows_in_its_order_and_no_other()
    {
        var table = CustomerTable.Of(5);
        await using var shell = Open(table);
        shell.Shell.Set("view", new DataView(table, "visits > 2", "visits DESC", DataViewRowState.CurrentRows));

        shell.Run("Import-OptimoveData -InputObject $view" + To).EnsureSucceeded();

        Assert.Equal(["\"k5\"", "\"k4\"", "\"k3\""], shell.Connection.Records.Select(record => record.KeyJson));
    }

    [Theory]
    [InlineData("user_id,city,city", "columns 2 and 3 are both named 'city'")]
    [InlineData("user_id,", "column 2 has no name; name it with AS in the query")]
    public async Task Columns_without_a_name_or_with_that_of_another_are_refused(string names, string reason)
    {
        await using var shell = Open(CustomerTable.Of(1));
        shell.Shell.Set("reader", new RenamedReader(CustomerTable.WithColumns([.. names.Split(',').Select((_, at) => $"c{at}")]), names.Split(',')));

        var error = shell.Run("Import-OptimoveData -InputObject $reader" + To).LastError;

        Assert.Equal("Optimove.SourceUnreadable", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task A_data_set_is_refused_and_its_tables_are_named()
    {
        await using var shell = Open(CustomerTable.Of(1));
        using var set = new DataSet();
        set.Tables.Add(CustomerTable.Of(2));
        shell.Shell.Set("set", set);

        var run = shell.Run("Import-OptimoveData -InputObject $set" + To);

        Assert.Contains("it is a DataSet; name one of its tables ($set.Tables[0])", run.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }

    [Fact]
    public async Task An_import_of_a_table_that_broke_off_is_resumed_where_it_was_named_a_checkpoint()
    {
        var isRefusing = true;
        var requests = 0;
        await using var shell = ConnectedShell.Open(new Emulator.EmulatorOptions
        {
            FaultPlan = _ => isRefusing && Interlocked.Increment(ref requests) > 2 ? new Emulator.Fault { StatusCode = 401 } : null,
        });
        using var folder = new TemporaryFolder();
        shell.Shell.Set("table", CustomerTable.Of(50)).Set("checkpoint", Path.Combine(folder.Path, "c.checkpoint"));
        const string Command = "Import-OptimoveData -InputObject $table.CreateDataReader() -CheckpointPath $checkpoint -BatchSize 10 -ThrottleLimit 1" + To;
        shell.Run(Command);
        isRefusing = false;

        var result = shell.Run(Command + "-Resume").Only<LoadResult>();

        Assert.Equal((50L, 50L, true), (result.Read, result.Sent, result.Completed));
        Assert.Single(shell.Connection.Batches);
        Assert.Equal(50, shell.Connection.Records.Count);
    }

    private static ConnectedShell Open(DataTable table)
    {
        var shell = ConnectedShell.Open();
        shell.Shell.Set("table", table);
        return shell;
    }
}
