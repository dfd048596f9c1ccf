using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Emulator;

namespace OptimoveDC.Cmdlets.Tests.Sessions;

/// <summary>The limit of a key is one, however many runspaces use it, and however often the module was imported.</summary>
public sealed class SharedLimitTests(ITestOutputHelper output)
{
    private const int Runspaces = 4;
    private const int Requests = 40;

    [Fact]
    public async Task Four_runspaces_share_one_governor_also_after_the_module_was_imported_again_by_force()
    {
        await using var server = EmulatorServer.Start(new EmulatorOptions { RateLimit = new SlidingWindow(20, TimeSpan.FromSeconds(1)) });
        var brand = server.Service.AddBrand();
        var connection = server.Service.AddConnection(brand, "customers", "user_id");
        var earlier = GovernorsOf(server.BaseAddress);
        var shells = Enumerable.Range(0, Runspaces).Select(_ => ShellSession.Open()).ToList();
        var runs = await Task.WhenAll(shells.Select((shell, load) => Task.Run(() => shell
            .Set("id", connection.Id)
            .Set("uri", server.BaseAddress)
            .Set("key", ConnectedShell.Secret(brand.ApiKey))
            .Set("brand", brand.BrandKey)
            .Set("keys", Enumerable.Range(load * 1000, Requests).ToArray())
            .Run("""
                Connect-Optimove -Uri $uri -ApiKey $key -BrandKey $brand -DataConnectionId $id
                $first, $rest = $keys
                @{ user_id = $first } | Import-OptimoveData -KeyProperty user_id -BatchSize 1
                Import-Module $manifest -Force
                Connect-Optimove -Uri $uri -ApiKey $key -BrandKey $brand -DataConnectionId $id
                $rest | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -KeyProperty user_id -BatchSize 1
                """))));
        foreach (var shell in shells)
        {
            await shell.DisposeAsync();
        }

        Assert.All(runs, run => Assert.All(run.EnsureSucceeded().Objects<LoadResult>(), result => Assert.True(result.Completed)));
        Assert.Equal(Runspaces * Requests, connection.Records.Count);
        Assert.Single(GovernorsOf(server.BaseAddress).Except(earlier));

        // Four that know nothing of each other would each have to find the limit out, and would meet it all the time.
        var refused = server.Service.Requests.Count(request => request.StatusCode == 429);
        var times = server.Service.Requests.Select(request => request.ReceivedAt).Order().ToList();
        output.WriteLine($"{server.Service.RequestCount} requests in {(times[^1] - times[0]).TotalSeconds:F1} s, where 20 a second are allowed; {refused} were answered 429");
        Assert.InRange(refused, 1, Runspaces * Requests / 8);

        // Each runspace hears of each gate once, whoever closed it.
        Assert.All(runs, run => Assert.InRange(run.Warnings.Count(warning => warning.Contains("429", StringComparison.Ordinal)), 0, refused));
    }

    [Fact]
    public async Task A_fixed_rate_is_kept_and_shared()
    {
        await using var shell = ConnectedShell.Open(connectArguments: "-RequestsPerSecond 20");
        var result = shell.Run("1..40 | ForEach-Object { @{ user_id = $_ } } | Import-OptimoveData -DataConnectionId $id -KeyProperty user_id -BatchSize 1").Only<LoadResult>();

        Assert.True(result.Completed);
        // 39 steps of 50 ms; the first requests of a process are slow to go out, and those behind them are not.
        var sent = shell.Server.Service.Requests.Select(request => request.ReceivedAt).Order().ToList();
        Assert.True(sent[^1] - sent[0] > TimeSpan.FromSeconds(1.7), $"{sent[^1] - sent[0]}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e9")]
    public async Task A_rate_that_cannot_be_kept_is_refused(string rate)
    {
        await using var shell = ConnectedShell.Open();
        var run = shell.Run($"Connect-Optimove -Uri $uri -Credential $credential -RequestsPerSecond {rate}");

        Assert.Contains("RequestsPerSecond", run.LastError.ToString(), StringComparison.Ordinal);
    }

    // Read where the module lives, which is a context of its own. An emulator of an earlier test may have had the same port.
    private static List<object> GovernorsOf(Uri address)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"{address.IdnHost}:{address.Port}");
        var registry = AssemblyLoadContext.GetLoadContext(ModuleLoader.LoadCmdlets())!
            .LoadFromAssemblyName(new AssemblyName("OptimoveDC.Core"))
            .GetType("OptimoveDC.Core.Http.Rate.GovernorRegistry", throwOnError: true)!;
        var keys = (IEnumerable)registry.GetProperty("Keys", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        return [.. keys.Cast<object>().Where(key => (string)key.GetType().GetProperty("Host")!.GetValue(key)! == host)];
    }
}
