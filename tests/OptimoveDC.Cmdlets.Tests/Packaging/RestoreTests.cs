using System.Diagnostics;
using System.Net;
using System.Text;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>
/// What the settings of this repository do to a restore: a project of their own, with the properties and the pinned versions
/// of the repository, its packages from where they were restored to before, and the vulnerabilities from a source on loopback.
/// </summary>
public sealed class RestoreTests : IAsyncDisposable
{
    private const int ChoicesOfPort = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _source;
    private readonly Task _serving;
    private string? _vulnerabilities = "{}";

    public RestoreTests()
    {
        _source = Listen(out var address);
        _serving = ServeAsync(address);
        var root = PackagedModule.RepositoryRoot;
        _folder.Write("Directory.Build.props", $"""<Project><Import Project="{root}Directory.Build.props" /></Project>""");
        WriteVersions("");
        _folder.Write("App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="System.Text.Json" /></ItemGroup>
            </Project>
            """);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));
        _folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="none" value="empty" /></packageSources>
              <auditSources><clear /><add key="loopback" value="{address}index.json" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """);
    }

    [Fact]
    public async Task The_slightest_vulnerability_of_a_package_that_another_brought_is_an_error()
    {
        var clean = await RestoreAsync();
        _vulnerabilities = """{"system.io.pipelines":[{"severity":0,"url":"https://example.org/advisory","versions":"(, 99.0.0)"}]}""";
        var known = await RestoreAsync();

        Assert.True(clean.Code == 0, clean.Output);
        Assert.DoesNotContain("NU190", clean.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, known.Code);
        Assert.Matches("error NU1901: .*System.IO.Pipelines", known.Output);
    }

    [Fact]
    public async Task Vulnerabilities_that_cannot_be_looked_up_are_a_warning()
    {
        _vulnerabilities = null;

        var run = await RestoreAsync();

        Assert.True(run.Code == 0, run.Output);
        Assert.Contains("warning NU1900", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_that_does_not_fit_is_refused_where_a_build_has_to_be_repeatable_and_renewed_elsewhere()
    {
        var first = await RestoreAsync();
        var fitting = await RestoreAsync("-p:ContinuousIntegrationBuild=true");
        WriteVersions("""<ItemGroup><PackageReference Include="System.IO.Hashing" /></ItemGroup>""");
        var refused = await RestoreAsync("-p:ContinuousIntegrationBuild=true");
        var renewed = await RestoreAsync();
        var fittingAgain = await RestoreAsync("-p:ContinuousIntegrationBuild=true");

        Assert.All([first, fitting, renewed, fittingAgain], run => Assert.True(run.Code == 0, run.Output));
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("error NU1004", refused.Output, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _source.Close();
        await _serving;
        _folder.Dispose();
    }

    private void WriteVersions(string more) =>
        _folder.Write("Directory.Packages.props", $"""<Project><Import Project="{PackagedModule.RepositoryRoot}Directory.Packages.props" />{more}</Project>""");

    private async Task<(int Code, string Output)> RestoreAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", "--nologo", "--force", .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };

        // Whether this is a build that has to be repeatable, the arguments alone say.
        start.Environment.Remove("CI");
        // What was known before is kept there, whatever the source says since.
        start.Environment["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.Path, $"cache-{Guid.NewGuid()}");
        start.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var restore = Process.Start(start)!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        try
        {
            var output = await restore.StandardOutput.ReadToEndAsync(timeout.Token);
            await restore.WaitForExitAsync(timeout.Token);
            return (restore.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            restore.Kill(entireProcessTree: true);
            throw;
        }
    }

    private async Task ServeAsync(string address)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _source.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var answer = context.Request.Url!.AbsolutePath switch
            {
                "/index.json" => $$"""{"version":"3.0.0","resources":[{"@id":"{{address}}known/index.json","@type":"VulnerabilityInfo/6.7.0"}]}""",
                "/known/index.json" => $$"""[{"@name":"all","@id":"{{address}}known/all.json","@updated":"2026-01-01T00:00:00Z"}]""",
                _ => _vulnerabilities,
            };
            context.Response.StatusCode = answer is null ? 404 : 200;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer ?? ""));
            context.Response.Close();
        }
    }

    private static HttpListener Listen(out string address)
    {
        for (var choice = 1; ; choice++)
        {
            address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (choice < ChoicesOfPort)
            {
                listener.Close();
            }
        }
    }
}
