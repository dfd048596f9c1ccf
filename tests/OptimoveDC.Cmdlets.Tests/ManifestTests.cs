using System.Management.Automation;
using System.Reflection;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests;

/// <summary>The manifest promises what the module keeps.</summary>
public class ManifestTests
{
    [Fact]
    public async Task It_imports_without_a_word()
    {
        await using var shell = ShellSession.Open(importModule: false);

        var run = shell.Set("manifest", PackagedModule.Manifest).Run("Import-Module $manifest -PassThru").EnsureSucceeded();

        Assert.Equal("OptimoveDC", run.Only<PSModuleInfo>().Name);
        Assert.Empty(run.Warnings);
    }

    [Fact]
    public async Task The_engine_finds_nothing_wrong_with_it()
    {
        await using var shell = ShellSession.Open(importModule: false);

        var info = shell.Set("manifest", PackagedModule.Manifest).Run("Test-ModuleManifest $manifest").Only<PSModuleInfo>();

        Assert.Equal(["Core"], info.CompatiblePSEditions);
        Assert.Equal(new Version(7, 4), info.PowerShellVersion);
        Assert.Contains("PSEdition_Core", info.Tags);
        Assert.NotNull(info.LicenseUri);
    }

    [Fact]
    public void Its_release_notes_are_those_of_the_changelog() =>
        Assert.Contains(
            (string)((System.Collections.Hashtable)((System.Collections.Hashtable)ManifestData.Read("PrivateData")!)["PSData"]!)["ReleaseNotes"]!,
            File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, "CHANGELOG.md")),
            StringComparison.Ordinal);

    [Fact]
    public void It_names_every_cmdlet_of_the_assembly_and_no_other()
    {
        var written = ModuleLoader.LoadCmdlets().GetExportedTypes()
            .Select(type => type.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}");

        Assert.Equal(written.Order(StringComparer.Ordinal), ManifestData.List("CmdletsToExport").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_cmdlet_it_names_is_there_after_the_import()
    {
        await using var shell = ShellSession.Open();

        var names = shell.Run("Get-Command -Module OptimoveDC").EnsureSucceeded().Objects<CmdletInfo>().Select(c => c.Name);

        Assert.Equal(ManifestData.List("CmdletsToExport").Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_exports_no_wildcard_and_nothing_but_cmdlets()
    {
        Assert.DoesNotContain(ManifestData.List("CmdletsToExport"), name => name.Contains('*', StringComparison.Ordinal));
        Assert.Empty(ManifestData.List("FunctionsToExport"));
        Assert.Empty(ManifestData.List("AliasesToExport"));
        Assert.Empty(ManifestData.List("VariablesToExport"));
    }
}
