using System.Reflection;
using System.Runtime.Loader;

namespace OptimoveDC;

/// <summary>
/// Where everything but this assembly lives. Another module may have brought an older Polly or System.Text.Json
/// into the default context, and the runtime would hand us that one: the versions look alike, the methods differ.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private readonly string _folder;

    internal ModuleLoadContext(string folder)
        : base(ContextName) => _folder = folder;

    internal const string ContextName = "OptimoveDC";

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The types a script names have to be the same on both sides of the boundary.
        var abstractions = typeof(ModuleLoadContext).Assembly;
        if (assemblyName.Name == abstractions.GetName().Name)
        {
            return abstractions;
        }

        // What isn't ours comes from the default context: the framework and the PowerShell engine.
        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return !File.Exists(path) || IsInFramework(assemblyName) ? null : LoadFromAssemblyPath(path);
    }

    // The runtime's own copy, where it is no older than ours, is compiled ahead of time; and no module can replace it.
    private static bool IsInFramework(AssemblyName assemblyName)
    {
        var path = Path.Combine(FrameworkFolder, assemblyName.Name + ".dll");
        return File.Exists(path) && AssemblyName.GetAssemblyName(path).Version >= assemblyName.Version;
    }
}
