using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Help;

/// <summary>The page that a cmdlet's help is made of, read with as little knowledge of its form as will do.</summary>
internal sealed partial class HelpPage
{
    private readonly string _text;

    private HelpPage(string file)
    {
        Name = Path.GetFileNameWithoutExtension(file);
        _text = File.ReadAllText(file).ReplaceLineEndings("\n");
    }

    internal static string Folder { get; } = Path.Combine(PackagedModule.RepositoryRoot, "docs", "cmdlets");

    internal static IReadOnlyList<HelpPage> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.md").Order(StringComparer.Ordinal).Select(file => new HelpPage(file))];

    internal string Name { get; }

    internal IEnumerable<string> Parameters => Parameter().Matches(_text).Select(match => match.Groups[1].Value);

    [GeneratedRegex("^### -([A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex Parameter();
}
