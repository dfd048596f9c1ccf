using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Help;

/// <summary>The topics that are about no single cmdlet.</summary>
public sealed class AboutTests
{
    [Theory]
    [InlineData("about_OptimoveDC", "Keeps Optimove Data Connections current: upload, update, delete and expire records.")]
    [InlineData("about_OptimoveDC_Troubleshooting", "What each error of OptimoveDC means, and what to do about it.")]
    public async Task Get_Help_finds_the_topic_and_knows_its_synopsis(string topic, string synopsis)
    {
        await using var shell = ShellSession.Open();

        var help = Assert.Single(shell.Run($"Get-Help {topic}").EnsureSucceeded().Output);
        var listed = Assert.Single(shell.Run("Get-Help about_OptimoveDC*").EnsureSucceeded().Output, found => found.Properties["Name"].Value.Equals(topic));

        Assert.Contains("LONG DESCRIPTION", help.ToString(), StringComparison.Ordinal);
        Assert.Equal(synopsis, listed.Properties["Synopsis"].Value);
    }

    [Fact]
    public async Task Every_cmdlet_is_in_the_topic_about_the_module()
    {
        await using var shell = ShellSession.Open();

        var text = Assert.Single(shell.Run("Get-Help about_OptimoveDC").EnsureSucceeded().Output).ToString();

        Assert.All(ManifestData.List("CmdletsToExport"), cmdlet => Assert.Contains(cmdlet + ":", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_error_is_in_the_topic_about_troubleshooting()
    {
        await using var shell = ShellSession.Open();
        var conditions = ModuleLoader.LoadCmdlets().GetReferencedAssemblies().Single(name => name.Name == "OptimoveDC.Core");
        var core = System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(ModuleLoader.LoadCmdlets())!.LoadFromAssemblyName(conditions);

        var text = Assert.Single(shell.Run("Get-Help about_OptimoveDC_Troubleshooting").EnsureSucceeded().Output).ToString();

        Assert.All(
            Enum.GetNames(core.GetType("OptimoveDC.Core.Api.ErrorCondition", throwOnError: true)!),
            condition => Assert.Contains($"Optimove.{condition}", text, StringComparison.Ordinal));
    }
}
