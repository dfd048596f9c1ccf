using System.Globalization;
using System.Text;

namespace OptimoveDC.Benchmarks.Reports;

/// <summary>The result for readers.</summary>
internal static class MarkdownReport
{
    internal static string Write(IEnumerable<Row> rows, string conditions)
    {
        var text = new StringBuilder();
        text.AppendLine("| row | measures | median | min – max | target | met | figures |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | --- | --- |");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{row.Measure.Name}` | {row.Measure.What} | {string.Join(" | ", Cells(row))} |");
        }

        return text.AppendLine().AppendLine(conditions).ToString();
    }

    /// <summary>Median, range, target, whether it is met, and the figures; of a skipped row the reason.</summary>
    internal static IReadOnlyList<string> Cells(Row row) =>
    [
        row.IsSkipped ? "–" : Show(row.Measure, row.Ratio),
        row.IsSkipped ? "–" : $"{Show(row.Measure, row.Values.Min())} – {Show(row.Measure, row.Values.Max())}",
        (row.Measure.Better == Better.Higher ? "≥ " : "≤ ") + Show(row.Measure, row.Measure.Target),
        row.IsSkipped ? "skipped" : row.IsMet ? "yes" : "**no**",
        row.Note,
    ];

    private static string Show(Measure measure, double value) => value.ToString("F" + measure.Decimals, CultureInfo.InvariantCulture);
}
