using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>
/// <c>examples/shards-remoting.ps1</c> over real PowerShell remoting: SSH, and a shell of its own for each host. What comes
/// back is what remoting makes of a result: its properties, and the name of its type.
/// </summary>
[Collection(Alone.Name)]
public sealed class RemotingExampleTests(SshServer server) : IClassFixture<SshServer>
{
    [Theory]
    [InlineData("load1, load2, load3", 3)]
    [InlineData("load1", 1)]
    public async Task The_hosts_load_the_whole_source_as_one_batch(string hosts, int count)
    {
        await using var bench = OpenBench();
        var run = Run(bench, hosts).EnsureSucceeded();

        var results = Results(run);
        Assert.Equal(60, results.Sum(result => Number(result, "Sent")));
        Assert.Equal(Enumerable.Range(0, count).Select(index => (long)index), results.Select(result => Number(result, "ShardIndex")).Order());
        Assert.Equal([.. Enumerable.Repeat(false, count - 1), true], results.Select(result => result.Properties["Completed"].Value));
        bench.AssertWhole((Guid)results[0].Properties["BatchId"].Value);
    }

    [Fact]
    public async Task A_record_that_is_rejected_is_an_error_and_stops_nothing()
    {
        await using var bench = OpenBench();
        bench.Shell.Options.RejectRecord = record => record.GetProperty("tier").GetString() == "gold";
        var run = Run(bench, "load1, load2");

        Assert.Null(run.TerminatingError);
        Assert.Equal(6, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Equal("Optimove.RequestInvalid", error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal((54L, 6L), (Results(run).Sum(result => Number(result, "Sent")), Results(run).Sum(result => Number(result, "Rejected"))));
        Assert.True(bench.Shell.Connection.Batches[^1].Completed);
    }

    [Fact]
    public async Task A_worker_that_fails_leaves_the_batch_open()
    {
        await using var bench = OpenBench();
        var requests = bench.RequestsBefore;
        bench.Shell.Options.FaultPlan = _ => Interlocked.Increment(ref requests) == bench.RequestsBefore + 2 ? new Fault { StatusCode = 403 } : null;
        var run = Run(bench, "load1, load2, load3");

        Assert.Contains("loaded whole", run.LastError.ToString(), StringComparison.Ordinal);
        Assert.False(bench.Shell.Connection.Batches[^1].Completed);
    }

    [Fact]
    public async Task A_last_request_that_fails_leaves_the_batch_open_and_the_script_says_so()
    {
        await using var bench = OpenBench();
        bench.Shell.Options.FaultPlan = request => request.BodyText()!.Contains("\"batch_completed\":true", StringComparison.Ordinal) ? new Fault { StatusCode = 403 } : null;
        var run = Run(bench, "load1, load2");

        Assert.Contains("was not completed", run.TerminatingError!.ToString(), StringComparison.Ordinal);
        Assert.False(bench.Shell.Connection.Batches[^1].Completed);
    }

    private Workbench OpenBench()
    {
        Assert.SkipWhen(server.Absence is not null, server.Absence ?? "");
        var bench = Workbench.Open();
        server.Service = bench.Shell.Server.BaseAddress;
        return bench;
    }

    private static ShellRun Run(Workbench bench, string hosts) => bench.RunExample("shards-remoting.ps1", $"-HostName {hosts} -Credential $credential");

    private static List<PSObject> Results(ShellRun run) => [.. run.Output.Where(output => output.TypeNames.Contains("Deserialized.OptimoveDC.LoadResult"))];

    private static long Number(PSObject result, string name) => Convert.ToInt64(result.Properties[name].Value, CultureInfo.InvariantCulture);
}
