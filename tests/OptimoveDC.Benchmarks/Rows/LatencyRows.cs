using System.Globalization;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>A service that takes 200 ms for each answer: what counts is that four requests are always under way.</summary>
internal sealed class LatencyRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Product = "product";
    private const int LatencyMilliseconds = 200;
    private const int InFlight = 4;

    internal override IReadOnlyList<string> Names { get; } = ["latency"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var file = Workshop.FileOf(Options.LatencyChunks * Options.LatencyBatchSize);
        var contest = new Contest(Workshop, "latency");
        var contender = new Contender(Product, () => Workshop.StartModuleAsync(), new("import") { Path = file.Path, BatchSize = Options.LatencyBatchSize })
        {
            Preparation = [new("import") { Path = Workshop.FileOf(Options.WarmUpRecords).Path }],
        };
        await contest.VerifyAsync(contender, file.Expected).ConfigureAwait(false);
        await contest.RunAsync([contender], Options.LongRuns, new SinkSettings { LatencyMilliseconds = LatencyMilliseconds }).ConfigureAwait(false);

        // Nothing beside the answers' own latency, and no gap between them; that the last chunk waits for all others is not counted in.
        var best = Math.Ceiling((double)Options.LatencyChunks / InFlight) * LatencyMilliseconds / 1000;
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{contest.Median(Product, result => result.Seconds):F2} s for {Options.LatencyChunks} chunks of {Options.LatencyBatchSize}, at best {best:F1} s");
        return [Row.Measured("latency", contest[Product].Select(result => best / result.Seconds), note)];
    }
}
