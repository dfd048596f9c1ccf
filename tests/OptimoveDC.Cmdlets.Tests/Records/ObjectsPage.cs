using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Records;

/// <summary>A row of docs/objects.md: an expression, and what is sent of it or why it is refused.</summary>
/// <param name="Section">The part of the page.</param>
/// <param name="Line">Its line.</param>
/// <param name="Example">The expression.</param>
/// <param name="Json">The JSON that is sent; null when it is refused.</param>
/// <param name="Refusal">Words of the refusal; null when it is sent.</param>
public sealed partial record ObjectsPage(string Section, int Line, string Example, string? Json, string? Refusal)
{
    public static IReadOnlyList<ObjectsPage> Rows { get; } = [.. Read()];

    private static IEnumerable<ObjectsPage> Read()
    {
        var section = "";
        var lines = File.ReadAllLines(Path.Combine(PackagedModule.RepositoryRoot, "docs", "objects.md"));
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith("## ", StringComparison.Ordinal))
            {
                section = lines[at][3..];
            }
            else if (lines[at].StartsWith("| ", StringComparison.Ordinal) && !lines[at].Contains(" --- ", StringComparison.Ordinal) && !lines[at].EndsWith("| sent |", StringComparison.Ordinal))
            {
                var row = Row().Match(lines[at]);
                Assert.True(row.Success, $"Line {at + 1} of docs/objects.md is no row: {lines[at]}");
                var outcome = Plain(row.Groups["outcome"].Value);
                var isRefused = row.Groups["refused"].Success;
                yield return new ObjectsPage(section, at + 1, Plain(row.Groups["example"].Value), isRefused ? null : outcome, isRefused ? outcome : null);
            }
        }
    }

    private static string Plain(string cell) => cell.Replace("\\|", "|", StringComparison.Ordinal);

    [GeneratedRegex(@"^\| .*?\| `(?<example>.+)` \| (?<refused>refused: )?`(?<outcome>.+)` \|$")]
    private static partial Regex Row();
}
