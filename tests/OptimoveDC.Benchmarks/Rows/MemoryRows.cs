using System.Globalization;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// The largest working set of a process that imports, from a file and from a pipeline whose objects are made as they
/// are asked for; and of one that imports ten times as much.
/// </summary>
internal sealed class MemoryRows(Workshop workshop) : RowGroup(workshop)
{
    private const double Megabyte = 1e6;

    internal override IReadOnlyList<string> Names { get; } = ["memory", "working"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var small = new List<Peak>();
        var large = new List<Peak>();
        for (var round = 1; round <= Options.LongRuns; round++)
        {
            small.Add(await PeakAsync(Options.MemoryRecords, round).ConfigureAwait(false));
            if (Wants("working"))
            {
                large.Add(await PeakAsync(Options.MemoryRecords * 10, round).ConfigureAwait(false));
            }
        }

        var rows = new List<Row>();
        if (Wants("memory"))
        {
            rows.Add(Row.Measured("memory", small.Select(peak => Math.Max(peak.File, peak.Pipeline)), Show(small)));
        }

        if (Wants("working"))
        {
            rows.Add(Row.Measured(
                "working",
                large.Zip(small, (ten, one) => Math.Max(ten.File / one.File, ten.Pipeline / one.Pipeline)),
                $"{Show(large)}, instead of {Show(small)}"));
        }

        return rows;
    }

    private async Task<Peak> PeakAsync(int count, int round)
    {
        var file = await ImportAsync(new("import") { Path = Workshop.FileOf(count).Path }, count).ConfigureAwait(false);
        var pipeline = await ImportAsync(new("stream") { Count = count }, count).ConfigureAwait(false);
        var peak = new Peak(file.PeakBytes / Megabyte, pipeline.PeakBytes / Megabyte);
        Workshop.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"memory: round {round} of {Options.LongRuns}, {count:N0} records: file {peak.File:F0} MB in {file.Seconds:F1} s, pipeline {peak.Pipeline:F0} MB in {pipeline.Seconds:F1} s"));
        return peak;
    }

    private async Task<WorkerResult> ImportAsync(WorkerCommand command, int count)
    {
        await Workshop.Sink.ResetAsync(new SinkSettings()).ConfigureAwait(false);
        var worker = await Workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            var result = await worker.DoAsync(command).ConfigureAwait(false);
            var tally = await Workshop.Sink.TallyAsync().ConfigureAwait(false);
            return tally.Records == count
                ? result
                : throw new InvalidOperationException($"{tally.Records} records arrived instead of {count}.");
        }
    }

    private static string Show(IReadOnlyCollection<Peak> peaks) => string.Create(
        CultureInfo.InvariantCulture,
        $"file {Statistics.Median(peaks.Select(peak => peak.File)):F0} MB, pipeline {Statistics.Median(peaks.Select(peak => peak.Pipeline)):F0} MB");

    private sealed record Peak(double File, double Pipeline);
}
