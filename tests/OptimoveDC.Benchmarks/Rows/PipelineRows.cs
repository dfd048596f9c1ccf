using System.Globalization;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// The same objects into each writing cmdlet and into an empty one that takes them the same way; in one process and in
/// turn, for all of them should see the same heap. They lie in memory before the clock starts, and are made anew for
/// every run: an object that went down a pipeline before is cheaper to look at, and no user's ever did. For the figures,
/// an empty cmdlet with the same parameters takes them too: the engine looks at each parameter for each object.
/// </summary>
internal sealed class PipelineRows(Workshop workshop) : RowGroup(workshop)
{
    private static readonly Dictionary<string, string> CommandOf = new()
    {
        ["pipeline"] = "pipe-import",
        ["set"] = "pipe-set",
        ["remove"] = "pipe-remove",
    };

    internal override IReadOnlyList<string> Names { get; } = ["pipeline", "set", "remove"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var count = Options.ObjectRecords;
        var expected = Workshop.FileOf(count).Expected;
        var wanted = Names.Where(name => Wants(name)).ToArray();
        var empty = new List<double>();
        var times = wanted.ToDictionary(name => name, _ => new List<double>());
        var twins = wanted.ToDictionary(name => name, _ => new List<double>());
        var verified = new Dictionary<string, SinkTally>();
        var worker = await Workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            // Warms everything up as well.
            foreach (var name in wanted)
            {
                await PipeAsync(worker, CommandOf[name], new SinkSettings { Verify = true }).ConfigureAwait(false);
                verified[name] = await Workshop.Sink.TallyAsync().ConfigureAwait(false);
                Contest.Check(name, verified[name], name == "remove" ? expected with { RecordSum = 0 } : expected);
            }

            await PipeAsync(worker, "pipe-empty", new SinkSettings()).ConfigureAwait(false);
            for (var round = 1; round <= Options.Runs; round++)
            {
                empty.Add((await PipeAsync(worker, "pipe-empty", new SinkSettings()).ConfigureAwait(false)).Seconds);
                foreach (var name in wanted)
                {
                    var result = await PipeAsync(worker, CommandOf[name], new SinkSettings()).ConfigureAwait(false);
                    Contest.CheckSame(name, await Workshop.Sink.TallyAsync().ConfigureAwait(false), verified[name]);
                    times[name].Add(result.Seconds);
                    twins[name].Add((await PipeAsync(worker, CommandOf[name] + "-twin", new SinkSettings()).ConfigureAwait(false)).Seconds);
                    Workshop.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"objects: round {round} of {Options.Runs}, {name}: {result.Seconds:F3} s, empty cmdlet {empty[^1]:F3} s, with as many parameters {twins[name][^1]:F3} s"));
                }
            }
        }

        return [.. wanted.Select(name => Row.Measured(name, empty.Zip(times[name], (one, other) => one / other), Rates(count, empty, times[name], twins[name])))];
    }

    private async Task<WorkerResult> PipeAsync(WorkerProcess worker, string command, SinkSettings settings)
    {
        await worker.DoAsync(new("hold") { Count = Options.ObjectRecords }).ConfigureAwait(false);
        await Workshop.Sink.ResetAsync(settings).ConfigureAwait(false);
        return await worker.DoAsync(new(command)).ConfigureAwait(false);
    }

    private string Rates(int count, IEnumerable<double> empty, IEnumerable<double> own, IEnumerable<double> twin) => string.Create(
        CultureInfo.InvariantCulture,
        $"{count / Statistics.Median(own):N0} objects/s, empty cmdlet {count / Statistics.Median(empty):N0}, one with as many parameters {count / Statistics.Median(twin):N0}, {Workshop.Shell.Engine}");
}
