using System.Globalization;
using System.Text.RegularExpressions;

namespace OptimoveDC.Tests.Reliability;

/// <summary>A row of <c>docs/reliability.md</c>.</summary>
/// <param name="What">What was tried.</param>
/// <param name="Times">How often.</param>
/// <param name="Lost">What was lost, in words.</param>
/// <param name="TestClass">The name of the class that tries it.</param>
/// <param name="TestPath">Its file, from the root of the repository.</param>
internal sealed partial record ReliabilityRow(string What, int Times, string Lost, string TestClass, string TestPath)
{
    private const string Head = "| what was tried | how often | what was lost | test |";

    /// <summary>The folder that holds the solution.</summary>
    internal static string RepositoryRoot { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Reads the rows of every table with the known head.</summary>
    /// <exception cref="FormatException">A row of such a table is not made like the others.</exception>
    internal static IReadOnlyList<ReliabilityRow> ReadAll(string markdown)
    {
        var rows = new List<ReliabilityRow>();
        var isInside = false;
        foreach (var line in markdown.Split('\n').Select(line => line.TrimEnd()))
        {
            if (line == Head)
            {
                isInside = true;
            }
            else if (!line.StartsWith('|'))
            {
                isInside = false;
            }
            else if (isInside && !line.StartsWith("| ---", StringComparison.Ordinal))
            {
                rows.Add(Read(line));
            }
        }

        return rows;
    }

    private static ReliabilityRow Read(string line)
    {
        var match = Form().Match(line);
        return match.Success
            ? new ReliabilityRow(
                match.Groups["what"].Value,
                int.Parse(match.Groups["times"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
                match.Groups["lost"].Value,
                match.Groups["class"].Value,
                match.Groups["path"].Value)
            : throw new FormatException($"This is no row: {line}");
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "OptimoveDC.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!);

    [GeneratedRegex(@"^\| (?<what>[^|]+) \| (?<times>[0-9,]+) \| (?<lost>[^|]+) \| \[(?<class>\w+)\]\(\.\./(?<path>tests/[^)|]+\.cs)\) \|$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
