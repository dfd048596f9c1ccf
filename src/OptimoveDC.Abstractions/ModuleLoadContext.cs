using System.Reflection;
using System.Runtime.InteropServices;
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
    private readonly Dictionary<string, IntPtr> _libraries = [];

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

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        // The runtime asks for each function that is called first: one handle serves them all.
        lock (_libraries)
        {
            if (_libraries.TryGetValue(unmanagedDllName, out var known))
            {
                return known;
            }

            var path = Path.Combine(_folder, "runtimes", PlatformName(), "native", FileNameOf(unmanagedDllName));
            return File.Exists(path) ? _libraries[unmanagedDllName] = LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
        }
    }

    private static string PlatformName()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : UsesMusl() ? "linux-musl" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    // Alpine and its kin have another C library, which the name of the runtime tells: linux-musl-x64, or alpine.3.20-x64.
    private static bool UsesMusl() =>
        RuntimeInformation.RuntimeIdentifier is var name
        && (name.Contains("musl", StringComparison.Ordinal) || name.StartsWith("alpine", StringComparison.Ordinal));

    private static string FileNameOf(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
