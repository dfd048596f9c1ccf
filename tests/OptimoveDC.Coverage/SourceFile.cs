using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OptimoveDC.Coverage;

/// <summary>What the tests reach of one source file.</summary>
internal sealed partial class SourceFile
{
    // A line may belong to several classes (a lambda's, a state machine's): it counts once, as well as any of them fared.
    private readonly SortedDictionary<int, (bool IsHit, int Taken, int Branches)> _lines = [];

    private SourceFile(string path) => Path = path;

    internal string Path { get; }

    /// <summary>The folder that it belongs to: a noun of the field.</summary>
    internal string Room => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";

    internal int Lines => _lines.Count;

    internal int LinesHit => _lines.Values.Count(line => line.IsHit);

    internal int Branches => _lines.Values.Sum(line => line.Branches);

    internal int BranchesTaken => _lines.Values.Sum(line => line.Taken);

    /// <summary>The lines that no test reaches, as ranges: <c>12-15, 20</c>.</summary>
    internal string Missed
    {
        get
        {
            var ranges = new List<(int From, int To)>();
            foreach (var number in _lines.Where(line => !line.Value.IsHit).Select(line => line.Key))
            {
                if (ranges.Count > 0 && ranges[^1].To == number - 1)
                {
                    ranges[^1] = (ranges[^1].From, number);
                }
                else
                {
                    ranges.Add((number, number));
                }
            }

            return string.Join(", ", ranges.Select(range => range.From == range.To ? $"{range.From}" : $"{range.From}-{range.To}"));
        }
    }

    /// <summary>Reads the classes of one file.</summary>
    internal static SourceFile Read(IGrouping<string, XElement> classes)
    {
        var file = new SourceFile(classes.Key.Replace('\\', '/'));
        foreach (var line in classes.SelectMany(type => type.Descendants("line")))
        {
            var number = int.Parse(line.Attribute("number")!.Value, CultureInfo.InvariantCulture);
            var conditions = Conditions().Match(line.Attribute("condition-coverage")?.Value ?? "");
            int Count(string name) => conditions.Success ? int.Parse(conditions.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
            var known = file._lines.GetValueOrDefault(number);
            file._lines[number] = (
                known.IsHit || line.Attribute("hits")!.Value != "0",
                Math.Max(known.Taken, Count("taken")),
                Math.Max(known.Branches, Count("all")));
        }

        return file;
    }

    [GeneratedRegex(@"\((?<taken>\d+)/(?<all>\d+)\)")]
    private static partial Regex Conditions();
}
