using System.Collections;
using System.Management.Automation.Language;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests;

/// <summary>What the manifest says, read as the data it is, without importing anything.</summary>
internal static class ManifestData
{
    private static readonly Hashtable Values = (Hashtable)((HashtableAst)Parser.ParseFile(PackagedModule.Manifest, out _, out _)
        .Find(static ast => ast is HashtableAst, searchNestedScriptBlocks: false)).SafeGetValue();

    internal static object? Read(string key) => Values[key];

    internal static string[] List(string key) => [.. ((IEnumerable)Values[key]!).Cast<string>()];
}
