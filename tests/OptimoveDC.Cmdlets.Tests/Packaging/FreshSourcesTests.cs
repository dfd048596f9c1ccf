using System.Diagnostics;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>
/// What the documents say of building holds where nothing was built before: a copy of the sources alone, in a folder whose
/// name needs quoting. <c>.ci/run --full</c> tries every command of the documents in clones.
/// </summary>
public sealed class FreshSourcesTests
{
    private static readonly string[] Made = ["bin", "obj", "artifacts", "TestResults", ".git"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task One_command_packs_the_module_and_builds_no_test_though_NUGET_PACKAGES_ends_without_a_slash()
    {
        using var folder = new TemporaryFolder();
        var sources = Path.Combine(folder.Path, "it's (a) copy");
        Copy(new DirectoryInfo(PackagedModule.RepositoryRoot), sources);

        var (code, output) = await PackAsync(sources);

        Assert.True(code == 0, output);
        Assert.Single(Directory.GetFiles(Path.Combine(sources, "artifacts", "package"), "OptimoveDC.*.nupkg"));
        Assert.Equal(
            File.ReadAllText(Path.Combine(PackagedModule.Root, "THIRD-PARTY-NOTICES.txt")),
            File.ReadAllText(Path.Combine(sources, "artifacts", "module", "OptimoveDC", "THIRD-PARTY-NOTICES.txt")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(sources, "tests"), "bin", SearchOption.AllDirectories));
    }

    private static async Task<(int Code, string Output)> PackAsync(string sources)
    {
        var start = new ProcessStartInfo("dotnet", ["pack", "--configuration", "Release", "--nologo"])
        {
            WorkingDirectory = sources,
            RedirectStandardOutput = true,
        };
        start.Environment["NUGET_PACKAGES"] = Path.TrimEndingDirectorySeparator(LockFileTests.PackageStore);
        // No node of the build outlives it: one would keep the folder from being deleted.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var pack = Process.Start(start)!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Limit);
        try
        {
            var output = await pack.StandardOutput.ReadToEndAsync(timeout.Token);
            await pack.WaitForExitAsync(timeout.Token);
            return (pack.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            pack.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories().Where(folder => !Made.Contains(folder.Name)))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }
}
