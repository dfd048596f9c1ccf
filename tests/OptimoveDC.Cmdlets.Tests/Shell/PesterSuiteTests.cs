using System.Globalization;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Shell;

/// <summary>
/// The suite of <c>tests/pester</c>, in a real shell and under each Pester that people use; each of its cases is a test here.
/// </summary>
public sealed class PesterSuiteTests
{
    private const int FewestCases = 130;

    /// <summary>The results of a run: a row for each case, found by running the suite.</summary>
    /// <param name="version">The Pester to use.</param>
    /// <param name="isProgram">
    /// True for a shell that is a program, as an installed PowerShell is; false for one that <c>dotnet</c> runs, as it runs
    /// the .NET tool. The suite starts other shells, and has to find them either way.
    /// </param>
    public static async Task<IEnumerable<TheoryDataRow<PesterCase>>> CasesAsync(string version, bool isProgram)
    {
        var cases = await RunSuiteAsync(version, isProgram);
        return cases.Select(one => new TheoryDataRow<PesterCase>(one) { TestDisplayName = $"Pester {version}: {one.Path}", Label = "" });
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(CasesAsync), "5.7.1", true)]
    [MemberData(nameof(CasesAsync), "6.2.0", false)]
    public void A_case_of_the_suite_passes(PesterCase one)
    {
        Assert.SkipWhen(one.Result == "Skipped", one.Message);
        Assert.True(one.Result == "Passed", $"{one.Result}: {one.Message}");
    }

    private static async Task<IReadOnlyList<PesterCase>> RunSuiteAsync(string version, bool isProgram)
    {
        using var folder = new TemporaryFolder();
        var results = Path.Combine(folder.Path, "results.json");
        var run = await BuiltProgram.RunFileAsync(
            isProgram ? BuiltProgram.Shell : BuiltProgram.ShellAssembly,
            "-NoProfile", "-NonInteractive", "-File", Path.Combine(PackagedModule.RepositoryRoot, "tests", "pester", "Invoke-Suite.ps1"),
            "-PesterPath", Path.Combine(AppContext.BaseDirectory, "Modules", "Pester", version),
            "-ResultPath", results);
        if (!File.Exists(results))
        {
            return [new PesterCase("the suite as a whole", "Failed", run.Output + run.Errors)];
        }

        var cases = JsonSerializer.Deserialize<List<PesterCase>>(await File.ReadAllTextAsync(results))!;
        if (cases.Count < FewestCases)
        {
            cases.Add(new PesterCase("the number of cases", "Failed", string.Create(CultureInfo.InvariantCulture, $"{cases.Count} cases are fewer than {FewestCases}.")));
        }

        return cases;
    }

    /// <summary>A case of the suite, and how it ended.</summary>
    public sealed record PesterCase(string Path, string Result, string Message);
}
