using System.Data;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Tables;

/// <summary>An open data reader is the user's: it is read, left open, and stopped whatever its driver does.</summary>
public sealed class ReaderTests
{
    private const string Import = "Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id ";

    [Fact]
    public async Task A_reader_is_left_open_at_the_row_after_which_nothing_was_asked_for()
    {
        await using var shell = ConnectedShell.Open();
        var reader = new WatchedReader(CustomerTable.Of(1000), _ => { });
        shell.Shell.Set("reader", reader);

        Assert.Equal(3, shell.Run(Import + "-First 3").Only<LoadResult>().Sent);

        Assert.False(reader.IsClosed);
        Assert.Equal(3, reader.Asked);
        Assert.Equal(997, shell.Run(Import).Only<LoadResult>().Sent);
        Assert.Equal(1000, shell.Connection.Records.Count);
    }

    [Fact]
    public async Task Each_result_set_of_a_reader_is_a_source()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("reader", new DataTableReader([CustomerTable.Of(2), CustomerTable.Of(5)]));

        var results = shell.Run($"do {{ {Import} }} while ($reader.NextResult())").Objects<LoadResult>();

        Assert.Equal([2L, 5L], results.Select(result => result.Sent));
    }

    [Fact]
    public async Task A_reader_without_asynchronous_calls_is_read_too()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("reader", new PlainReader(CustomerTable.Of(500)));

        Assert.Equal(500, shell.Run(Import).Only<LoadResult>().Sent);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(301, 300)]
    public async Task A_reader_that_throws_ends_the_source_and_what_came_before_is_accounted_for(int row, int sent)
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("reader", new WatchedReader(CustomerTable.Of(1000), at => _ = at == row ? throw new InvalidOperationException("The connection is broken.") : 0));

        var run = shell.Run(Import + "-BatchSize 100");

        var error = run.LastError;
        Assert.Equal("Optimove.SourceUnreadable", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains($"further than record {sent}: The connection is broken.", error.ToString(), StringComparison.Ordinal);
        var result = Assert.IsType<LoadResult>(error.TargetObject);
        Assert.Equal(((long)sent, false), (result.Read, result.Completed));
        Assert.Equal(result.Read, result.Sent + result.NotSent);
        Assert.Empty(shell.Connection.Records);
    }

    [Fact]
    public async Task A_value_that_the_driver_can_not_give_refuses_its_record_alone()
    {
        await using var shell = ConnectedShell.Open();
        shell.Shell.Set("reader", new PlainReader(CustomerTable.Of(3)) { FailsAt = (2, 1) });

        var run = shell.Run(Import);

        Assert.Equal((3L, 2L, 1L), run.Objects<LoadResult>().Select(result => (result.Read, result.Sent, result.Rejected)).Single());
        Assert.Contains("'visits'", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not fit", run.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id")]
    [InlineData("Sync-OptimoveData -InputObject $reader -StatePath $state -DataConnectionId $id -KeyProperty user_id")]
    [InlineData("Test-OptimoveData -InputObject $reader -KeyProperty user_id")]
    public async Task Ctrl_C_leaves_a_driver_behind_that_does_not_return_and_the_next_command_says_that_the_reader_is_in_use(string command)
    {
        using var isReading = new SemaphoreSlim(0);
        using var mayGoOn = new ManualResetEventSlim();
        await using var shell = ConnectedShell.Open();
        using var folder = new TemporaryFolder();
        shell.Shell
            .Set("state", Path.Combine(folder.Path, "state.db"))
            .Set("reader", new WatchedReader(CustomerTable.Of(1000), row =>
            {
                if (row == 500)
                {
                    isReading.Release();
                    mayGoOn.Wait();
                }
            }));
        using var running = shell.Shell.Start(command);
        Assert.True(await isReading.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        var stopping = await running.StopAsync();
        var next = shell.Run(Import).LastError;
        mayGoOn.Set();

        Assert.True((await running.Completion).WasStopped);
        Assert.True(stopping < TimeSpan.FromSeconds(1), $"{stopping}");
        Assert.Equal("Optimove.SourceUnreadable", next.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("still in use", next.ToString(), StringComparison.Ordinal);
        Assert.Empty(shell.Connection.Records);

        // Once the driver has returned the reader is the user's again.
        await Wait.UntilAsync(() => shell.Run(Import).TerminatingError is null && shell.Connection.Records.Count > 0);
    }

    [Theory]
    [InlineData("it is closed")]
    public async Task A_closed_reader_is_refused(string reason)
    {
        await using var shell = ConnectedShell.Open();
        var reader = CustomerTable.Of(2).CreateDataReader();
        reader.Close();
        shell.Shell.Set("reader", reader);

        Assert.Contains(reason, shell.Run(Import).LastError.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shell.Server.Service.RequestCount);
    }
}
