using System.Globalization;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// Rows of databases: an open data reader into an import, beside the same reader whose values are read and dropped; and
/// the rows of a table down the pipeline, beside an empty cmdlet that takes them the same way.
/// </summary>
internal sealed class TableRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Import = "reader-import";
    private const string Drain = "reader-drain";

    internal override IReadOnlyList<string> Names { get; } = ["reader", "datarow"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var rows = new List<Row>();
        if (Wants("reader"))
        {
            rows.Add(await MeasureReaderAsync().ConfigureAwait(false));
        }

        if (Wants("datarow"))
        {
            rows.Add(await MeasureRowsAsync().ConfigureAwait(false));
        }

        return rows;
    }

    private async Task<Row> MeasureReaderAsync()
    {
        var database = DatabaseOf(Options.FileRecords);
        var warmUp = DatabaseOf(Options.WarmUpRecords);
        var contest = new Contest(Workshop, "reader");
        Contender[] contenders =
        [
            new(Import, () => Workshop.StartModuleAsync(), new(Import) { Path = database }) { Preparation = [new(Import) { Path = warmUp }] },
            new(Drain, () => Workshop.StartModuleAsync(), new(Drain) { Path = database }) { Preparation = [new(Drain) { Path = warmUp }], Sends = false },
        ];
        await contest.VerifyAsync(contenders[0], Workshop.FileOf(Options.FileRecords).Expected).ConfigureAwait(false);
        await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{contest.Median(Import, result => result.Rate):N0} rows/s, drained {contest.Median(Drain, result => result.Rate):N0}; peak {contest.Median(Import, result => result.PeakBytes) / 1e6:F0} MB");
        return Row.Measured("reader", contest.Compare(Import, Drain, (import, drain) => import.Rate / drain.Rate), note);
    }

    // As with the other objects: in one process and in turn, the rows made anew for every run.
    private async Task<Row> MeasureRowsAsync()
    {
        var count = Options.ObjectRecords;
        var empty = new List<double>();
        var own = new List<double>();
        var worker = await Workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            await PipeAsync(worker, "pipe-import", new SinkSettings { Verify = true }).ConfigureAwait(false);
            var verified = await Workshop.Sink.TallyAsync().ConfigureAwait(false);
            Contest.Check("datarow", verified, Workshop.FileOf(count).Expected);
            await PipeAsync(worker, "pipe-empty", new SinkSettings()).ConfigureAwait(false);
            for (var round = 1; round <= Options.Runs; round++)
            {
                empty.Add((await PipeAsync(worker, "pipe-empty", new SinkSettings()).ConfigureAwait(false)).Seconds);
                own.Add((await PipeAsync(worker, "pipe-import", new SinkSettings()).ConfigureAwait(false)).Seconds);
                Contest.CheckSame("datarow", await Workshop.Sink.TallyAsync().ConfigureAwait(false), verified);
                Workshop.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"datarow: round {round} of {Options.Runs}: {own[^1]:F3} s, empty cmdlet {empty[^1]:F3} s"));
            }
        }

        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{count / Statistics.Median(own):N0} rows/s, empty cmdlet {count / Statistics.Median(empty):N0}");
        return Row.Measured("datarow", empty.Zip(own, (one, other) => one / other), note);
    }

    private async Task<WorkerResult> PipeAsync(WorkerProcess worker, string command, SinkSettings settings)
    {
        await worker.DoAsync(new("hold-rows") { Count = Options.ObjectRecords }).ConfigureAwait(false);
        await Workshop.Sink.ResetAsync(settings).ConfigureAwait(false);
        return await worker.DoAsync(new(command)).ConfigureAwait(false);
    }

    private string DatabaseOf(int count)
    {
        var path = Path.Combine(Workshop.Folder, $"customers-{count}.db");
        Workshop.Say($"writing a database of {count:N0} customers …");
        CustomerDatabase.Create(path, count);
        return path;
    }
}
