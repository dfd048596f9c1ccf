namespace OptimoveDC.Benchmarks.Reports;

/// <summary>The result on the screen.</summary>
internal static class ConsoleReport
{
    private static readonly string[] Headings = ["row", "median", "min – max", "target", "met", "figures"];

    internal static void Write(IEnumerable<Row> rows, TextWriter output)
    {
        var lines = new List<string[]> { Headings };
        lines.AddRange(rows.Select(row => (string[])[row.Measure.Name, .. MarkdownReport.Cells(row).Select(cell => cell.Trim('*'))]));
        var widths = Headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => column switch
            {
                0 or 4 => cell.PadRight(widths[column]),
                5 => cell,
                _ => cell.PadLeft(widths[column]),
            })));
        }
    }
}
