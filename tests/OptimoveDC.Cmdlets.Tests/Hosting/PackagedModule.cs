using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>The module as it is shipped: where it is, and what makes the tests use that one and no other copy.</summary>
public static class PackagedModule
{
    /// <summary>The root of the repository.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        typeof(PackagedModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryPath").Value!));

    /// <summary>The folder of the packaged module.</summary>
    public static string Root { get; } = Path.Combine(RepositoryRoot, "artifacts", "module", "OptimoveDC");

    /// <summary>Its manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Root, "OptimoveDC.psd1");

    /// <summary>An older Polly, loaded into the default context before anything of the module.</summary>
    public static Assembly OlderPolly { get; } = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Older", "Polly.Core.dll"));

    /// <summary>
    /// Runs before the first test is even found. The default context keeps the first copy of an assembly it meets, and
    /// the module's private half lies beside the packaged one: the tests carry no copy of their own, and ask for that.
    /// The older Polly stays for the whole run, so every cmdlet test is also a test of the load context.
    /// </summary>
    [ModuleInitializer]
    internal static void Prepare()
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name.Name == "OptimoveDC.Abstractions" ? context.LoadFromAssemblyPath(Path.Combine(Root, name.Name + ".dll")) : null;
        _ = OlderPolly;

        // As an installed module is found: by runspaces that a script opens itself, too.
        var others = Environment.GetEnvironmentVariable("PSModulePath");
        var modules = Path.GetDirectoryName(Root)!;
        Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(others) ? modules : modules + Path.PathSeparator + others);
    }
}
