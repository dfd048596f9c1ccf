using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Packaging;

/// <summary>The folder that is shipped.</summary>
public class ModulePackageTests
{
    // A file more or less than this is a decision: write it down here.
    private static readonly string[] Expected =
    [
        "LICENSE",
        "OptimoveDC.Abstractions.dll",
        "OptimoveDC.Format.ps1xml",
        "OptimoveDC.psd1",
        "OptimoveDC.psm1",
        "THIRD-PARTY-NOTICES.txt",
        "icon.png",
        "en-US/OptimoveDC.Cmdlets.dll-Help.xml",
        "en-US/about_OptimoveDC.help.txt",
        "en-US/about_OptimoveDC_Troubleshooting.help.txt",
        "lib/Microsoft.Data.Sqlite.dll",
        "lib/OptimoveDC.Cmdlets.dll",
        "lib/OptimoveDC.Core.dll",
        "lib/OptimoveDC.Emulator.dll",
        "lib/Polly.Core.dll",
        "lib/Polly.RateLimiting.dll",
        "lib/ICSharpCode.SharpZipLib.dll",
        "lib/SQLitePCLRaw.batteries_v2.dll",
        "lib/SQLitePCLRaw.core.dll",
        "lib/SQLitePCLRaw.provider.e_sqlite3.dll",
        "lib/System.IO.Hashing.dll",
        "lib/System.IO.Pipelines.dll",
        "lib/System.Text.Encodings.Web.dll",
        "lib/System.Text.Json.dll",
        "lib/System.Threading.RateLimiting.dll",
        "lib/runtimes/linux-arm64/native/libe_sqlite3.so",
        "lib/runtimes/linux-musl-x64/native/libe_sqlite3.so",
        "lib/runtimes/linux-x64/native/libe_sqlite3.so",
        "lib/runtimes/osx-arm64/native/libe_sqlite3.dylib",
        "lib/runtimes/osx-x64/native/libe_sqlite3.dylib",
        "lib/runtimes/win-arm64/native/e_sqlite3.dll",
        "lib/runtimes/win-x64/native/e_sqlite3.dll",
    ];

    private static IEnumerable<string> Files => Directory.EnumerateFiles(PackagedModule.Root, "*", SearchOption.AllDirectories);

    [Fact]
    public void The_package_holds_exactly_the_expected_files()
    {
        var files = Files.Select(f => Path.GetRelativePath(PackagedModule.Root, f).Replace('\\', '/'));

        Assert.Equal(Expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_engine_is_not_shipped() =>
        Assert.DoesNotContain(Files, f => Path.GetFileName(f).StartsWith("System.Management", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void No_assembly_remembers_where_it_was_built()
    {
        var leaking = Files.Where(f => Path.GetFileName(f).StartsWith("OptimoveDC", StringComparison.Ordinal))
            .Where(f => Mentions(f, PackagedModule.RepositoryRoot) || Mentions(f, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar));

        Assert.Empty(leaking);
    }

    [Fact]
    public void Every_assembly_of_others_is_named_in_the_notices_with_the_words_of_its_licence()
    {
        var notices = File.ReadAllText(Path.Combine(PackagedModule.Root, "THIRD-PARTY-NOTICES.txt"));
        var others = Expected.Where(f => f.StartsWith("lib/", StringComparison.Ordinal) && !f.Contains("OptimoveDC", StringComparison.Ordinal)).Select(PackageOf).Distinct().ToList();

        Assert.All(others, package => Assert.Matches(
            $@"(?m)^-+\n{Regex.Escape(package)} [0-9.]+\nBy:        .+\nCopyright: .+\nAddress:   https://.+\nLicence:   .+\n\n.+",
            notices.ReplaceLineEndings("\n")));
        Assert.Equal(others.Count, Regex.Count(notices, "(?m)^Licence:   "));
    }

    [Theory]
    [MemberData(nameof(OwnAssemblies))]
    public void Every_assembly_of_ours_has_the_version_of_the_manifest(string file)
    {
        var version = AssemblyName.GetAssemblyName(Path.Combine(PackagedModule.Root, file)).Version!;

        Assert.Equal(ManifestData.Read("ModuleVersion"), version.ToString(3));
    }

    public static TheoryData<string> OwnAssemblies() => [.. Expected.Where(f => f.Contains("OptimoveDC.", StringComparison.Ordinal) && f.EndsWith(".dll", StringComparison.Ordinal))];

    // Natives are what their name says in the format of their platform: a wrong one would be found out by its users alone.
    [Theory]
    [InlineData("linux-x64", new byte[] { 0x7F, 0x45, 0x4C, 0x46 }, 18, 0x3E)]
    [InlineData("linux-musl-x64", new byte[] { 0x7F, 0x45, 0x4C, 0x46 }, 18, 0x3E)]
    [InlineData("linux-arm64", new byte[] { 0x7F, 0x45, 0x4C, 0x46 }, 18, 0xB7)]
    [InlineData("osx-x64", new byte[] { 0xCF, 0xFA, 0xED, 0xFE }, 4, 0x07)]
    [InlineData("osx-arm64", new byte[] { 0xCF, 0xFA, 0xED, 0xFE }, 4, 0x0C)]
    [InlineData("win-x64", new byte[] { 0x4D, 0x5A }, -1, 0x8664)]
    [InlineData("win-arm64", new byte[] { 0x4D, 0x5A }, -1, 0xAA64)]
    public void Each_native_library_is_of_the_platform_that_its_folder_names(string platform, byte[] magic, int machineAt, int machine)
    {
        var bytes = File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(PackagedModule.Root, "lib", "runtimes", platform, "native")).Single());

        // A Windows library says where its header is.
        var at = machineAt >= 0 ? machineAt : BitConverter.ToInt32(bytes, 0x3C) + 4;
        Assert.Equal(magic, bytes[..magic.Length]);
        Assert.Equal(machine, BitConverter.ToUInt16(bytes, at));
    }

    private static string PackageOf(string file) => Path.GetFileNameWithoutExtension(file) switch
    {
        "ICSharpCode.SharpZipLib" => "SharpZipLib",
        "Microsoft.Data.Sqlite" => "Microsoft.Data.Sqlite.Core",
        "SQLitePCLRaw.batteries_v2" => "SQLitePCLRaw.bundle_e_sqlite3",
        "libe_sqlite3" or "e_sqlite3" => "SQLitePCLRaw.lib.e_sqlite3",
        var name => name,
    };

    private static bool Mentions(string file, string text)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        return bytes.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }
}
