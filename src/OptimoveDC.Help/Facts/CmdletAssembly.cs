using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace OptimoveDC.Help.Facts;

/// <summary>The assembly of the cmdlets, read by reflection: nothing of PowerShell is started.</summary>
internal static class CmdletAssembly
{
    /// <summary>Every cmdlet of an assembly, by name.</summary>
    /// <param name="path">The assembly; what it depends on lies beside it.</param>
    internal static IReadOnlyList<CmdletFacts> Read(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var beside && File.Exists(beside) ? context.LoadFromAssemblyPath(beside) : null;
        return
        [
            .. from type in AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetExportedTypes()
               let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
               where cmdlet is not null
               orderby cmdlet.NounName, cmdlet.VerbName
               select CmdletReader.Read(type, cmdlet),
        ];
    }
}
