using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>A block of PowerShell in a document: what a reader will copy, and what the tests therefore run.</summary>
/// <param name="Document">The document, relative to the repository.</param>
/// <param name="Line">The line of its first command.</param>
/// <param name="Script">The commands.</param>
public sealed partial record PowerShellBlock(string Document, int Line, string Script)
{
    /// <summary>Every block of the README, of the help and of the guides.</summary>
    public static IReadOnlyList<PowerShellBlock> All { get; } = [.. Documents().SelectMany(In)];

    /// <summary>Whether it calls the build script, which is for the repository and not for the module.</summary>
    public bool IsAboutTheBuild => Script.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.StartsWith("./build.ps1", StringComparison.Ordinal));

    /// <summary>The blocks of one document.</summary>
    public static IEnumerable<PowerShellBlock> In(string document)
    {
        var text = File.ReadAllText(Path.Combine(PackagedModule.RepositoryRoot, document)).ReplaceLineEndings("\n");
        return Fence().Matches(text).Select(match => new PowerShellBlock(
            document,
            text.AsSpan(0, match.Groups[1].Index).Count('\n') + 1,
            match.Groups[1].Value));
    }

    public override string ToString() => $"{Document}:{Line}";

    private static IEnumerable<string> Documents()
    {
        yield return "README.md";
        var docs = Path.Combine(PackagedModule.RepositoryRoot, "docs");
        foreach (var file in Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return Path.GetRelativePath(PackagedModule.RepositoryRoot, file).Replace('\\', '/');
        }
    }

    [GeneratedRegex("^```powershell\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
