using System.Reflection;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>Where the module lies as it is shipped, and what lies about it.</summary>
internal static class PackagedModule
{
    /// <summary>The root of the repository.</summary>
    internal static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        typeof(PackagedModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryPath").Value!));

    internal static string Manifest { get; } = Path.Combine(RepositoryRoot, "artifacts", "module", "OptimoveDC", "OptimoveDC.psd1");

    /// <summary>The binary module with one cmdlet that does nothing.</summary>
    internal static string EmptyModule { get; } = Path.Combine(AppContext.BaseDirectory, "EmptyModule", "OptimoveDC.EmptyModule.dll");
}
