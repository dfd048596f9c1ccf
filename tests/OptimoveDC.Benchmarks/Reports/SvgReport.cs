using System.Globalization;
using System.Security;
using System.Text;

namespace OptimoveDC.Benchmarks.Reports;

/// <summary>
/// The result as a picture: a bar for each measured row, as long as the row is good, beside a line that is the target.
/// </summary>
internal static class SvgReport
{
    private const int Width = 860;
    private const int Left = 120;
    private const int TargetAt = 400;
    private const int LongestBar = 600;
    private const int RowHeight = 26;
    private const int Top = 40;

    internal static string Write(IEnumerable<Row> rows)
    {
        var measured = rows.Where(row => !row.IsSkipped).ToArray();
        var height = Top + (measured.Length * RowHeight) + 16;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="Benchmark results against their targets">""");
        svg.AppendLine("""
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328; }
              .value { font-variant-numeric: tabular-nums; }
              .quiet { fill: #59636e; }
              .target { stroke: #59636e; stroke-dasharray: 4 3; }
              .met { fill: #2da44e; }
              .unmet { fill: #d4a72c; }
              @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .quiet { fill: #9198a1; } .target { stroke: #9198a1; } }
            </style>
            """);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="quiet" x="{TargetAt}" y="18" text-anchor="middle">target</text>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="target" x1="{TargetAt}" y1="26" x2="{TargetAt}" y2="{height - 10}"/>""");
        for (var at = 0; at < measured.Length; at++)
        {
            WriteRow(svg, measured[at], Top + (at * RowHeight));
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void WriteRow(StringBuilder svg, Row row, int top)
    {
        // A row at its target is as long as any other at its own; twice as good is twice as long.
        var goodness = row.Measure.Better == Better.Higher ? row.Ratio / row.Measure.Target : row.Measure.Target / row.Ratio;
        var length = Math.Clamp(goodness * (TargetAt - Left), 2, LongestBar - Left);
        var cells = MarkdownReport.Cells(row);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 10}" y="{top + 13}" text-anchor="end">{SecurityElement.Escape(row.Measure.Name)}</text>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="{(row.IsMet ? "met" : "unmet")}" x="{Left}" y="{top + 1}" width="{length:F0}" height="16" rx="2"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="value" x="{LongestBar + 12}" y="{top + 13}">{cells[0]} <tspan class="quiet">({SecurityElement.Escape(cells[2])}){(row.IsMet ? "" : " not met")}</tspan></text>""");
    }
}
