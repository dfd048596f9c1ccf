using System.Reflection;

namespace OptimoveDC.Demo.Hosting;

/// <summary>Where the packaged module and the examples are, relative to this program: the build wrote it down.</summary>
internal static class PackagedModule
{
    private static readonly string RepositoryRoot = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        typeof(PackagedModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryPath").Value!));

    /// <summary>The folder that holds the module's folder, as an entry of <c>PSModulePath</c> does.</summary>
    internal static string ModulePath => Path.Combine(RepositoryRoot, "artifacts", "module");

    internal static string Manifest => Path.Combine(ModulePath, "OptimoveDC", "OptimoveDC.psd1");

    internal static string DefaultScript => Path.Combine(RepositoryRoot, "examples", "loyalty.ps1");
}
