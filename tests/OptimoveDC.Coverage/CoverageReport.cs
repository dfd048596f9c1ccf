using System.Globalization;
using System.Xml.Linq;

namespace OptimoveDC.Coverage;

/// <summary>What the tests reach of the core, from a report in the Cobertura format.</summary>
internal sealed class CoverageReport
{
    /// <summary>The share of lines that tests have to reach.</summary>
    internal const double LeastLines = 0.92;

    /// <summary>The share of branches that tests have to take.</summary>
    internal const double LeastBranches = 0.85;

    private readonly List<SourceFile> _files;

    private CoverageReport(List<SourceFile> files) => _files = files;

    /// <summary>Whether both shares are met; of nothing, they are not.</summary>
    internal bool IsEnough => LineShare(_files) >= LeastLines && BranchShare(_files) >= LeastBranches;

    internal static CoverageReport Read(string file) => new(
        [.. XDocument.Load(file).Descendants("class")
            .GroupBy(type => type.Attribute("filename")!.Value)
            .Select(SourceFile.Read)
            .OrderBy(source => source.Path, StringComparer.Ordinal)]);

    /// <summary>Writes what is missed, then each room, then the sum.</summary>
    internal void Write(TextWriter output)
    {
        output.WriteLine("Lines that no test reaches:");
        foreach (var file in _files.Where(file => file.LinesHit < file.Lines))
        {
            output.WriteLine($"  {file.Path}: {file.Missed}");
        }

        output.WriteLine();
        output.WriteLine($"{"",-32}{"lines",16}{"",9}{"branches",16}");
        foreach (var room in _files.GroupBy(file => file.Room).OrderBy(room => room.Key, StringComparer.Ordinal))
        {
            WriteRow(output, room.Key, [.. room]);
        }

        WriteRow(output, "all", _files);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsEnough ? "Enough" : "Too little")}: at least {LeastLines:P0} of the lines and {LeastBranches:P0} of the branches are asked for."));
    }

    private static void WriteRow(TextWriter output, string name, List<SourceFile> files) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-32}{$"{files.Sum(file => file.LinesHit)} of {files.Sum(file => file.Lines)}",16}{LineShare(files),9:P2}{$"{files.Sum(file => file.BranchesTaken)} of {files.Sum(file => file.Branches)}",16}{BranchShare(files),9:P2}"));

    private static double LineShare(List<SourceFile> files) => (double)files.Sum(file => file.LinesHit) / files.Sum(file => file.Lines);

    // A room without a branch has missed none.
    private static double BranchShare(List<SourceFile> files) =>
        files.Sum(file => file.Branches) is var all and > 0 ? (double)files.Sum(file => file.BranchesTaken) / all : 1;
}
