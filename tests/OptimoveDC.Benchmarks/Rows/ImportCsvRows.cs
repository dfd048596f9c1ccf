using System.Globalization;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// A real shell's own Import-Csv, with the module behind it and with nothing; and, for the figures, with a cmdlet that has
/// the parameters alone.
/// </summary>
internal sealed class ImportCsvRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Import = "import";
    private const string Read = "read";
    private const string Twin = "twin";

    internal override IReadOnlyList<string> Names { get; } = ["import-csv"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        if (!ShellPeer.Find(out var reason))
        {
            return [Row.Skipped("import-csv", reason)];
        }

        var contest = new Contest(Workshop, "import-csv");
        var file = Workshop.FileOf(Options.CsvRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        Contender[] contenders =
        [
            new(Import, StartAsync, new(Import) { Path = file.Path }) { Preparation = [new(Import) { Path = warmUp.Path }] },
            new(Read, StartAsync, new(Read) { Path = file.Path, Count = Options.CsvRecords }) { Preparation = [new(Read) { Path = warmUp.Path }], Sends = false },
            new(Twin, StartAsync, new(Twin) { Path = file.Path, Count = Options.CsvRecords }) { Preparation = [new(Twin) { Path = warmUp.Path }], Sends = false },
        ];
        await contest.VerifyAsync(contenders[0], file.Expected).ConfigureAwait(false);
        await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{contest.Median(Import, result => result.Rate):N0} records/s, Import-Csv alone {contest.Median(Read, result => result.Rate):N0}, into an empty cmdlet with as many parameters {contest.Median(Twin, result => result.Rate):N0}");
        return [Row.Measured("import-csv", contest.Compare(Import, Read, (import, read) => import.Rate / read.Rate), note)];
    }

    private Task<WorkerProcess> StartAsync() => ShellPeer.StartAsync(Workshop.Sink.Service);
}
