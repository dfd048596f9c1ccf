using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Rows;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>Measures the wanted rows and writes the reports.</summary>
internal static class Benchmark
{
    /// <returns>0 when every wanted row was measured or has a reason not to be; 1 when one failed.</returns>
    internal static async Task<int> RunAsync(RunOptions options)
    {
        if (SelfCheck.Run(Workshop.Say) != 0)
        {
            return 1;
        }

        var clock = Stopwatch.StartNew();
        var load = MachineLoad.Describe();
        var rows = new List<Row>();
        var failed = false;
        var workshop = await Workshop.OpenAsync(options).ConfigureAwait(false);
        await using (workshop.ConfigureAwait(false))
        {
            RowGroup[] groups =
            [
                new FileRows(workshop), new ImportCsvRows(workshop), new PipelineRows(workshop), new TableRows(workshop), new MemoryRows(workshop),
                new LatencyRows(workshop), new LimitRows(workshop), new ImportModuleRows(workshop), new SyncRows(workshop),
            ];
            foreach (var group in groups.Where(group => group.Names.Any(options.Wanted.Contains)))
            {
                try
                {
                    rows.AddRange(await group.MeasureAsync().ConfigureAwait(false));
                }
                catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
                {
                    failed = true;
                    Workshop.Say(exception.ToString());
                    rows.AddRange(group.Names.Where(options.Wanted.Contains).Select(name => Row.Skipped(name, $"failed: {exception.Message}")));
                }
            }
        }

        var conditions = Describe(options, clock.Elapsed, load);
        foreach (var (measures, file) in new[] { (Measure.All, "benchmark"), (Measure.Sync, "benchmark-sync") })
        {
            if (measures.SelectMany(measure => rows.Where(row => row.Measure == measure)).ToList() is { Count: > 0 } measured)
            {
                await WriteFilesAsync(file, measured, conditions).ConfigureAwait(false);
                ConsoleReport.Write(measured, Console.Out);
            }
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(conditions);
        return failed ? 1 : 0;
    }

    private static async Task WriteFilesAsync(string name, IReadOnlyList<Row> rows, string conditions)
    {
        var file = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", name);
        await File.WriteAllTextAsync(file + ".json", JsonReport.Write(rows)).ConfigureAwait(false);
        await File.WriteAllTextAsync(file + ".md", MarkdownReport.Write(rows, conditions)).ConfigureAwait(false);
        await File.WriteAllTextAsync(file + ".svg", SvgReport.Write(rows)).ConfigureAwait(false);
    }

    private static string Describe(RunOptions options, TimeSpan elapsed, string load) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(options.IsQuick ? "Quick run" : "Full run")}: {options.FileRecords:N0} customers, {(options.Runs == 1 ? "one run" : $"median of {options.Runs} interleaved runs")}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}{load}; it took {elapsed.TotalMinutes:F1} minutes.");
}
