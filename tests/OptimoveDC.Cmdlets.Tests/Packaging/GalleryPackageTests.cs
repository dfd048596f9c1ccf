using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>The package that the gallery gets: packed here, and used where nothing else of this repository is.</summary>
public sealed class GalleryPackageTests : IClassFixture<GalleryPackageTests.Package>
{
    private readonly Package _package;

    public GalleryPackageTests(Package package) => _package = package;

    [Fact]
    public void It_holds_the_module_as_it_was_tested_byte_for_byte()
    {
        using var archive = ZipFile.OpenRead(_package.File);
        string[] own = ["OptimoveDC.nuspec", "[Content_Types].xml"];
        var entries = archive.Entries
            .Where(entry => !own.Contains(entry.FullName) && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal) && !entry.FullName.StartsWith("package/", StringComparison.Ordinal))
            .ToDictionary(entry => Uri.UnescapeDataString(entry.FullName));
        var files = Directory.EnumerateFiles(PackagedModule.Root, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(PackagedModule.Root, file).Replace('\\', '/'));

        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file =>
        {
            using var content = new MemoryStream();
            using var stream = entries[file.Key].Open();
            stream.CopyTo(content);
            Assert.True(content.ToArray().AsSpan().SequenceEqual(File.ReadAllBytes(file.Value)), file.Key);
        });
    }

    [Fact]
    public void It_says_what_the_gallery_asks_for()
    {
        using var archive = ZipFile.OpenRead(_package.File);
        var nuspec = XDocument.Load(archive.GetEntry("OptimoveDC.nuspec")!.Open());
        string Value(string name) => nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;
        var tags = Value("tags").Split(' ');

        Assert.Equal(("OptimoveDC", (string)ManifestData.Read("ModuleVersion")!, "MIT", "icon.png"), (Value("id"), Value("version"), Value("license"), Value("icon")));
        Assert.Equal(ManifestData.Read("Description"), Value("description"));
        Assert.Contains("PSModule", tags);
        Assert.Contains("PSEdition_Core", tags);
        Assert.All(ManifestData.List("CmdletsToExport"), cmdlet => Assert.Contains($"PSCommand_{cmdlet}", tags));
        Assert.Contains("Import-OptimoveData", Value("releaseNotes"), StringComparison.Ordinal);
        Assert.DoesNotContain(nuspec.Descendants(), element => element.Name.LocalName is "dependency" or "reference");
        Assert.DoesNotContain("PROJECT_URL_HERE", nuspec.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Its_icon_is_a_picture_of_the_size_that_galleries_show()
    {
        var png = File.ReadAllBytes(Path.Combine(PackagedModule.Root, "icon.png")).AsSpan();

        Assert.True(png[..8].SequenceEqual<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]));
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], png[16..24].ToArray());
    }

    [Fact]
    public async Task Installed_into_an_empty_folder_it_is_imported_from_there_and_works()
    {
        using var folder = new TemporaryFolder();
        var module = Path.Combine(folder.Path, "artifacts", "module", "OptimoveDC");
        ZipFile.ExtractToDirectory(_package.File, module);

        // The demo looks for the module where it lies itself: moved, it finds the installed one and no other.
        var place = Path.Combine(folder.Path, Path.GetRelativePath(PackagedModule.RepositoryRoot, BuiltProgram.Folder("OptimoveDC.Demo", "net10.0")));
        Copy(BuiltProgram.Folder("OptimoveDC.Demo", "net10.0"), place);
        var script = folder.Write("use.ps1", """
            $ErrorActionPreference = 'Stop'
            (Get-Module OptimoveDC).ModuleBase
            $emulator = Start-OptimoveEmulator
            Connect-Optimove -Emulator $emulator
            $connection = New-OptimoveDataConnection -Name Loyalty -PrimaryKey user_id
            (@{ user_id = 1 } | Import-OptimoveData -DataConnectionId $connection).Sent
            (Get-Help Import-OptimoveData).Synopsis
            """);

        var run = await BuiltProgram.RunFileAsync(Path.Combine(place, "OptimoveDC.Demo.dll"), script);

        Assert.Equal(
            [module, "1", "Uploads records to a Data Connection, from files or from the pipeline."],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal((0, ""), (run.Code, run.Errors));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>The package, made once of what was built with the tests.</summary>
    public sealed class Package : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Package()
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;
            using var pack = Process.Start(new ProcessStartInfo("dotnet",
            [
                "pack", Path.Combine(PackagedModule.RepositoryRoot, "module", "OptimoveDC.Module.csproj"),
                "--no-build", "--configuration", configuration, "--output", _folder.Path, "--nologo",
            ])
            { RedirectStandardOutput = true })!;
            var output = pack.StandardOutput.ReadToEnd();
            pack.WaitForExit();
            Assert.True(pack.ExitCode == 0, output);
            File = Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg"));
        }

        public string File { get; }

        public void Dispose() => _folder.Dispose();
    }
}
