using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using OptimoveDC.Cmdlets.Tests.Hosting;
using YamlDotNet.RepresentationModel;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>The examples for several machines do what they say: the scripts are run, those within YAML too.</summary>
[Collection(Alone.Name)]
public sealed class ScaleExampleTests : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    [Theory]
    [InlineData("shards-parallel.ps1", "")]
    [InlineData("shards-parallel.ps1", "-ShardCount 7")]
    public async Task A_script_loads_the_whole_source_as_one_batch(string script, string arguments)
    {
        await using var bench = Workbench.Open();
        var run = bench.RunExample(script, arguments).EnsureSucceeded();

        var results = run.Objects<LoadResult>();
        Assert.Equal(60, results.Sum(result => result.Sent));
        Assert.Equal(Enumerable.Range(0, results.Count), results.Select(result => result.ShardIndex!.Value).Order());
        Assert.Equal([.. Enumerable.Repeat(false, results.Count - 1), true], results.Select(result => result.Completed));
        bench.AssertWhole(results[0].BatchId!.Value);
    }

    [Theory]
    [InlineData("shards-parallel.ps1", "")]
    public async Task A_record_that_is_rejected_is_an_error_and_stops_no_script(string script, string arguments)
    {
        await using var bench = Workbench.Open();
        bench.Shell.Options.RejectRecord = record => record.GetProperty("tier").GetString() == "gold";
        var run = bench.RunExample(script, arguments);

        Assert.Null(run.TerminatingError);
        Assert.Equal(6, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Equal("Optimove.RequestInvalid", error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal((54L, 6L), (run.Objects<LoadResult>().Sum(result => result.Sent), run.Objects<LoadResult>().Sum(result => result.Rejected)));
        Assert.True(bench.Shell.Connection.Batches[^1].Completed);
    }

    [Theory]
    [InlineData("shards-parallel.ps1", "")]
    public async Task A_script_of_which_a_worker_fails_does_not_complete_the_batch(string script, string arguments)
    {
        await using var bench = Workbench.Open();
        var requests = bench.RequestsBefore;
        bench.Shell.Options.FaultPlan = _ => Interlocked.Increment(ref requests) == bench.RequestsBefore + 2 ? new OptimoveDC.Emulator.Fault { StatusCode = 403 } : null;
        var run = bench.RunExample(script, arguments);

        Assert.Contains("loaded whole", run.LastError.ToString(), StringComparison.Ordinal);
        Assert.False(bench.Shell.Connection.Batches[^1].Completed);
    }

    [Theory]
    [InlineData("shards-parallel.ps1", "", "403")]
    public async Task A_script_of_which_the_last_request_fails_says_that_the_batch_is_open(string script, string arguments, string said)
    {
        await using var bench = Workbench.Open();
        bench.Shell.Options.FaultPlan = request => request.BodyText()!.Contains("\"batch_completed\":true", StringComparison.Ordinal) ? new OptimoveDC.Emulator.Fault { StatusCode = 403 } : null;
        var run = bench.RunExample(script, arguments);

        Assert.Contains(said, run.TerminatingError!.ToString(), StringComparison.Ordinal);
        Assert.False(bench.Shell.Connection.Batches[^1].Completed);
    }

    [Fact]
    public async Task The_shards_of_the_Kubernetes_manifest_are_one_batch()
    {
        await using var bench = Workbench.Open();
        var documents = ManifestScript.Documents(PathOf("shards-kubernetes.yaml")).Select(document => (YamlMappingNode)document.RootNode).ToList();
        var workers = (YamlMappingNode)documents.Single(document => document["metadata"]["name"].ToString() == "optimove-load" && document["kind"].ToString() == "Job")["spec"];
        var load = ManifestScript.All.Single(script => script.Place.EndsWith("load.ps1", StringComparison.Ordinal));
        var close = ManifestScript.All.Single(script => script.Place.EndsWith("close.ps1", StringComparison.Ordinal));
        Assert.Equal("Indexed", workers["completionMode"].ToString());
        var count = int.Parse(load.Environment["SHARD_COUNT"], CultureInfo.InvariantCulture);
        Assert.Equal(count - 1, int.Parse(workers["completions"].ToString(), CultureInfo.InvariantCulture));

        var batch = Guid.NewGuid();
        for (var index = 0; index < count; index++)
        {
            var script = index < count - 1 ? load : close;
            Run(bench, script, batch, ("JOB_COMPLETION_INDEX", index < count - 1 ? $"{index}" : null));
        }

        bench.AssertWhole(batch);
    }

    [Fact]
    public async Task The_shards_of_the_GitHub_matrix_are_one_batch()
    {
        await using var bench = Workbench.Open();
        var workflow = (YamlMappingNode)Assert.Single(ManifestScript.Documents(PathOf("shards-github.yml"))).RootNode;
        var matrix = ((YamlSequenceNode)workflow["jobs"]["load"]["strategy"]["matrix"]["shard"]).Select(shard => shard.ToString()).ToList();
        var load = ManifestScript.All.Single(script => script.Place.Contains("/load/steps/", StringComparison.Ordinal));
        var close = ManifestScript.All.Single(script => script.Place.Contains("/close/steps/", StringComparison.Ordinal));
        Assert.Contains("load", ((YamlSequenceNode)workflow["jobs"]["close"]["needs"]).Select(job => job.ToString()));

        var batch = Guid.NewGuid();
        foreach (var shard in matrix)
        {
            Assert.Equal("${{ matrix.shard }}", load.Environment["SHARD"]);
            Run(bench, load, batch, ("SHARD", shard));
        }

        Run(bench, close, batch, ("SHARD", close.Environment["SHARD"]));

        bench.AssertWhole(batch);
    }

    [Fact]
    public async Task Every_command_in_an_example_has_only_parameters_that_there_are()
    {
        await using var shell = ShellSession.Open();
        var examples = Directory.EnumerateFiles(Path.GetDirectoryName(PathOf("x"))!, "*.ps1").Select(path => (Where: Path.GetFileName(path), Script: File.ReadAllText(path)))
            .Concat(ManifestScript.All.Select(script => (Where: script.Example + script.Place, script.Script)))
            .ToList();
        Assert.Equal(4, ManifestScript.All.Count);
        foreach (var (where, script) in examples)
        {
            var ast = Parser.ParseInput(script, out _, out var errors);
            Assert.Empty(errors);
            foreach (var command in ast.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Where(command => command.GetCommandName()?.Contains("-Optimove", StringComparison.Ordinal) == true))
            {
                var known = shell.Run($"Get-Command {command.GetCommandName()}").Only<CmdletInfo>().Parameters;
                Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.True(known.ContainsKey(parameter.ParameterName), $"{where}: {command}"));
            }
        }
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static string PathOf(string example) => Path.Combine(PackagedModule.RepositoryRoot, "examples", example);

    // The paths of a pod are those of a folder here; all else is as it stands.
    private void Run(Workbench bench, ManifestScript script, Guid batch, params (string Name, string? Value)[] more)
    {
        var folder = (string)bench.Shell.Shell.Get("folder")!;
        foreach (var (name, value) in script.Environment.Select(entry => (entry.Key, Value: (string?)entry.Value)).Concat(more))
        {
            Set(name, value);
        }

        Set("BATCH_ID", batch.ToString());
        Set("OPTIMOVE_DATA_CONNECTION_ID", bench.Shell.Connection.Id.ToString());
        Set("OPTIMOVE_API_KEY", bench.Shell.Brand.ApiKey);
        Set("OPTIMOVE_BRAND_KEY", bench.Shell.Brand.BrandKey.ToString());
        bench.Run(new PowerShellBlock(script.Example, 1, script.Script
            .Replace("/data/", folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            .Replace("/checkpoints/", folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))).EnsureSucceeded();
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
