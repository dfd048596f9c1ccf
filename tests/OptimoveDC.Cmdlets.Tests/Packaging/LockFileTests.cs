using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>What is restored is written down, package by package, with the hash of its content.</summary>
public sealed partial class LockFileTests
{
    /// <summary>Where NuGet keeps packages, by what the last restore wrote down: an environment variable or a setting may have moved it.</summary>
    internal static string PackageStore
    {
        get
        {
            using var restored = JsonDocument.Parse(File.ReadAllText(
                Path.Combine(PackagedModule.RepositoryRoot, "src", "OptimoveDC.Cmdlets", "obj", "project.assets.json")));
            return restored.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        }
    }

    public static TheoryData<string> Projects() =>
        [.. new[] { "src", "tests", "module" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(PackagedModule.RepositoryRoot, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_a_lock_file_with_the_hash_of_every_package_and_no_address(string project)
    {
        var file = LockFileOf(project);
        Assert.True(File.Exists(file), $"{project} has no lock file: run dotnet restore, and commit it.");

        Assert.DoesNotContain("://", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.All(PackagesOf(project), package => Assert.Equal(512 / 8, Convert.FromBase64String(package.Hash!).Length));
    }

    [Fact]
    public void Every_pinned_package_is_locked_to_the_version_that_it_is_pinned_to()
    {
        var pinned = XDocument.Load(Path.Combine(PackagedModule.RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);
        var locked = Projects().SelectMany(row => PackagesOf(row.Data)).ToList();

        Assert.Empty(pinned.Keys.Except(locked.Select(package => package.Id), StringComparer.OrdinalIgnoreCase));
        Assert.All(locked.Where(package => pinned.ContainsKey(package.Id)), package => Assert.Equal(pinned[package.Id], package.Version));
    }

    [Fact]
    public void The_notices_name_each_package_that_brings_the_module_a_file_and_no_other()
    {
        var notices = File.ReadAllText(Path.Combine(PackagedModule.Root, "THIRD-PARTY-NOTICES.txt"));
        var shipped = Directory.EnumerateFiles(Path.Combine(PackagedModule.Root, "lib"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToHashSet();

        var carried = PackagesOf("src/OptimoveDC.Cmdlets/OptimoveDC.Cmdlets.csproj")
            .Where(package => FilesOf(package).Any(shipped.Contains))
            .Select(package => $"{package.Id} {package.Version}");

        Assert.Equal(carried.Order(), NoticeLine().Matches(notices).Select(match => match.Groups[1].Value).Order());
    }

    private static string LockFileOf(string project) =>
        Path.Combine(PackagedModule.RepositoryRoot, Path.GetDirectoryName(project)!, "packages.lock.json");

    private static IEnumerable<Package> PackagesOf(string project)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(LockFileOf(project)));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
            .Select(entry => new Package(
                entry.Name,
                entry.Value.GetProperty("resolved").GetString()!,
                entry.Value.TryGetProperty("contentHash", out var hash) ? hash.GetString() : null))];
    }

    // What a program gets of a package at run time, on whichever platform.
    private static IEnumerable<string?> FilesOf(Package package)
    {
        var store = PackageStore;
        return new[] { "lib", "runtimes" }
#pragma warning disable CA1308 // That is how the store names its folders.
            .Select(part => Path.Combine(store, package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant(), part))
#pragma warning restore CA1308
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Select(Path.GetFileName);
    }

    [GeneratedRegex("(?m)^- ([^ ]+ [0-9][^ ]*?)\r?$")]
    private static partial Regex NoticeLine();

    private sealed record Package(string Id, string Version, string? Hash);
}
