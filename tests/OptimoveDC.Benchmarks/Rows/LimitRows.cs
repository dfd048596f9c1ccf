using System.Globalization;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// A service that takes 50 requests in any 10 s and answers 429 to the rest. The time is real, so all runs go at
/// once: each has an API key and with it a limit of its own, and five requests a second keep nobody busy.
/// </summary>
internal sealed class LimitRows(Workshop workshop) : RowGroup(workshop)
{
    private const int Limit = 50;
    private const int WindowSeconds = 10;
    private const int BatchSize = 10;
    private const double MostRefused = 0.05;

    internal override IReadOnlyList<string> Names { get; } = ["limit"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var file = Workshop.FileOf(Options.LimitRequests * BatchSize);
        var keys = Enumerable.Range(1, Options.Runs).Select(number => $"limited-{number}").ToArray();

        // A file each: two imports of one file into one connection would be the same import twice.
        var paths = keys.Select(key => Path.Combine(Workshop.Folder, key + ".csv")).ToArray();
        Array.ForEach(paths, path => File.Copy(file.Path, path, overwrite: true));
        var workers = new List<WorkerProcess>();
        try
        {
            foreach (var key in keys)
            {
                workers.Add(await Workshop.StartModuleAsync(key).ConfigureAwait(false));
            }

            Workshop.Say($"limit: {keys.Length} runs of {Options.LimitRequests} requests at once, for at least {(Options.LimitRequests / Limit - 1) * WindowSeconds} s");
            await Workshop.Sink.ResetAsync(new SinkSettings { Limit = Limit, WindowSeconds = WindowSeconds, Verify = true }).ConfigureAwait(false);
            await Task.WhenAll(workers.Zip(paths, (worker, path) => worker.DoAsync(new("import") { Path = path, BatchSize = BatchSize }))).ConfigureAwait(false);
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync().ConfigureAwait(false);
            }
        }

        var tally = await Workshop.Sink.TallyAsync().ConfigureAwait(false);
        if (tally.ParsedRecords != file.Expected.Records * keys.Length || tally.Keys.Values.Any(key => key.Accepted != Options.LimitRequests))
        {
            throw new InvalidOperationException($"{tally.ParsedRecords} records arrived instead of {file.Expected.Records} for each of {keys.Length} runs.");
        }

        return [Read([.. keys.Select(key => tally.Keys[key])])];
    }

    // The first window's worth is let through at once; from there on the limit alone sets the pace.
    private static Row Read(IReadOnlyList<KeyTally> runs)
    {
        const double Allowed = (double)Limit / WindowSeconds;
        var refused = Statistics.Median(runs.Select(run => (double)run.Refused / (run.Accepted + run.Refused)));
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{runs[0].Accepted} requests in {Statistics.Median(runs.Select(run => run.Seconds)):F1} s, {refused:P1} of all answered 429 (at most {MostRefused:P0})");
        return Row.Measured("limit", runs.Select(run => (run.Accepted - Limit) / run.Seconds / Allowed), note, refused <= MostRefused);
    }
}
