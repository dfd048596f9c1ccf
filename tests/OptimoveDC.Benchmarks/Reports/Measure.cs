namespace OptimoveDC.Benchmarks.Reports;

/// <summary>What a row of the table measures, and what it should reach.</summary>
/// <param name="Name">Its name in the result file.</param>
/// <param name="What">What is measured, and in which unit or against what.</param>
/// <param name="Target">What it should reach.</param>
/// <param name="Better">Which way.</param>
/// <param name="Decimals">How many decimals are shown.</param>
internal sealed record Measure(string Name, string What, double Target, Better Better, int Decimals = 2)
{
    /// <summary>All rows of the benchmark, in the order of the table.</summary>
    internal static IReadOnlyList<Measure> All { get; } =
    [
        new("python", "file import: times as fast as Python's csv and requests", 8, Better.Higher),
        new("shell-idiom", "file import: times as fast as Import-Csv, ConvertTo-Json, Invoke-RestMethod", 45, Better.Higher, 1),
        new("stage", "file import: time over the frozen stage (Sylvan → Utf8JsonWriter, no network)", 1.15, Better.Lower),
        new("floor", "file import: speed over posting the same bodies ready-made", 0.22, Better.Higher),
        new("pipeline", "objects into Import-OptimoveData: rate over an empty cmdlet's", 0.75, Better.Higher),
        new("set", "objects into Set-OptimoveRecord: rate over an empty cmdlet's", 0.75, Better.Higher),
        new("remove", "objects into Remove-OptimoveRecord: rate over an empty cmdlet's", 0.75, Better.Higher),
        new("import-csv", "Import-Csv into Import-OptimoveData: rate over Import-Csv into Out-Null", 0.80, Better.Higher),
        new("reader", "an open data reader into Import-OptimoveData: rate over reading every value and dropping it", 0.50, Better.Higher),
        new("datarow", "rows of a DataTable into Import-OptimoveData: rate over an empty cmdlet's", 0.40, Better.Higher),
        new("memory", "peak working set of an import, by file and by pipeline, the larger, in MB", 200, Better.Lower, 0),
        new("working", "the same for ten times the records, over the above", 1.10, Better.Lower),
        new("latency", "200 ms latency, 4 in flight: the best possible time over the time taken", 0.95, Better.Higher, 3),
        new("limit", "50 requests per 10 s with Retry-After: accepted rate over the allowed one", 0.95, Better.Higher, 3),
        new("import-module", "Import-Module: ms more than an empty binary module", 60, Better.Lower, 0),
        new("cpu", "file import: CPU seconds over Python's", 1.0 / 6, Better.Lower, 3),
        new("allocated", "file import: bytes allocated for each record", 64, Better.Lower, 1),
        new("test", "Test-OptimoveData: time over the frozen stage", 1.2, Better.Lower),
    ];

    /// <summary>The rows of the sync, which are measured when they are asked for, into a result file of their own.</summary>
    internal static IReadOnlyList<Measure> Sync { get; } =
    [
        new("sync", "Sync-OptimoveData of an unchanged file: time over the frozen stage", 2.5, Better.Lower),
        new("sync-changes", "2 % changed, 0.5 % new, 0.3 % gone: requests over the fewest there can be", 1, Better.Lower),
    ];

    internal static Measure Named(string name) => All.Concat(Sync).Single(measure => measure.Name == name);

    /// <summary>Whether a value reaches the target.</summary>
    internal bool IsMetBy(double value) => Better == Better.Higher ? value >= Target : value <= Target;
}
