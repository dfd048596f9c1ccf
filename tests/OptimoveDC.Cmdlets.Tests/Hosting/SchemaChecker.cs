using System.Diagnostics;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>
/// The program of <c>tests/schemas</c>, which holds documents against the published schemas of GitHub's workflows and of the
/// Kubernetes API. What it needs is fetched once, as its lock file says, into <c>artifacts</c>.
/// </summary>
public sealed class SchemaChecker : IAsyncLifetime
{
    private static readonly string Source = Path.Combine(PackagedModule.RepositoryRoot, "tests", "schemas");
    private static readonly string Installed = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", "schemas");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private Process? _program;

    /// <summary>Why no document can be checked; null where they can.</summary>
    public string? Absence { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Find("node") is not { } node || Find(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is not { } npm)
        {
            Absence = "There is no Node.js with npm on this machine.";
            return;
        }

        Absence = await InstallAsync(npm);
        if (Absence is null)
        {
            _program = Process.Start(new ProcessStartInfo(node, [Path.Combine(Installed, "check.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true });
        }
    }

    /// <summary>Checks a document.</summary>
    /// <param name="kind"><c>workflow</c> or <c>kubernetes</c>.</param>
    /// <param name="name">What the findings call it.</param>
    /// <param name="text">Its YAML.</param>
    /// <returns>What is wrong with it; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(string kind, string name, string text)
    {
        using var timeout = new CancellationTokenSource(Limit);
        await _program!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { kind, name, text }).AsMemory(), timeout.Token);
        await _program.StandardInput.FlushAsync(timeout.Token);
        var answer = await _program.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException("The program of tests/schemas has ended early.");
        return JsonSerializer.Deserialize<List<string>>(answer)!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _program?.Kill();
        _program?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany<string, string>(folder => [Path.Combine(folder, program), Path.Combine(folder, program + ".exe")])
        .FirstOrDefault(File.Exists);

    private static async Task<string?> InstallAsync(string npm)
    {
        Directory.CreateDirectory(Installed);
        var lockFile = Path.Combine(Installed, "package-lock.json");
        var isCurrent = File.Exists(lockFile) && await File.ReadAllTextAsync(lockFile) == await File.ReadAllTextAsync(Path.Combine(Source, "package-lock.json"));
        File.Copy(Path.Combine(Source, "check.mjs"), Path.Combine(Installed, "check.mjs"), overwrite: true);
        if (isCurrent)
        {
            return null;
        }

        // The lock file is laid beside what it names when that is whole.
        File.Copy(Path.Combine(Source, "package.json"), Path.Combine(Installed, "package.json"), overwrite: true);
        File.Copy(Path.Combine(Source, "package-lock.json"), lockFile, overwrite: true);
        var (code, output, errors) = await BuiltProgram.RunFileAsync(
            npm, "ci", "--prefix", Installed, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=30000");
        if (code == 0)
        {
            return null;
        }

        File.Delete(lockFile);
        return $"npm could not fetch the schemas: {(output + errors).Trim().Split('\n')[0]}";
    }
}
