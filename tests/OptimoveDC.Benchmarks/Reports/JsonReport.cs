using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptimoveDC.Benchmarks.Reports;

/// <summary>The result for programs: the measured rows, and no others.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    internal static string Write(IEnumerable<Row> rows) =>
        JsonSerializer.Serialize(rows.Where(row => !row.IsSkipped).Select(row => new Entry(
            row.Measure.Name,
            Round(row.Ratio),
            Round(row.Measure.Target),
            row.Measure.Better,
            row.IsMet)), Format);

    private static double Round(double value) => Math.Round(value, 4);

    private sealed record Entry(string Name, double Ratio, double Target, Better Better, bool Met);
}
