using System.Reflection;

namespace OptimoveDC;

/// <summary>The door of the module: <c>OptimoveDC.psm1</c> calls it, and nobody else needs to.</summary>
public static class ModuleLoader
{
    // Below the assembly that scripts see: a folder of its own keeps the engine from finding these by name.
    private const string PrivateFolder = "lib";
    private const string CmdletAssembly = "OptimoveDC.Cmdlets.dll";

    private static readonly object Gate = new();
    private static Assembly? _cmdlets;

    /// <summary>
    /// The assembly of the cmdlets, loaded into the module's own context. Every runspace of the process gets the
    /// same one, and with it the same rate governor.
    /// </summary>
    /// <exception cref="FileNotFoundException">The module's folder is incomplete.</exception>
    public static Assembly LoadCmdlets()
    {
        lock (Gate)
        {
            return _cmdlets ??= Load();
        }
    }

    private static Assembly Load()
    {
        // Beside this assembly, and not beside the script that asks: the two halves always belong together.
        var root = Path.GetDirectoryName(typeof(ModuleLoader).Assembly.Location)!;
        var folder = Path.Combine(root, PrivateFolder);
        var path = Path.Combine(folder, CmdletAssembly);
        return File.Exists(path)
            ? new ModuleLoadContext(folder).LoadFromAssemblyPath(path)
            : throw new FileNotFoundException($"The OptimoveDC module is incomplete: {path} is missing. Install it again.", path);
    }
}
