using System.Globalization;
using OptimoveDC.Benchmarks.Reports;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// The shell's own Import-Csv, with the module behind it and with nothing; and, for the figures, with a cmdlet that has
/// the parameters alone.
/// </summary>
internal sealed class ImportCsvRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Import = "csv-import";
    private const string Read = "csv-read";
    private const string Twin = "csv-twin";

    internal override IReadOnlyList<string> Names { get; } = ["import-csv"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var contest = new Contest(Workshop, "import-csv");
        var file = Workshop.FileOf(Options.CsvRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        Contender[] contenders =
        [
            new(Import, () => Workshop.StartModuleAsync(), new(Import) { Path = file.Path }) { Preparation = [new(Import) { Path = warmUp.Path }] },
            new(Read, () => Workshop.StartModuleAsync(), new(Read) { Path = file.Path, Count = Options.CsvRecords }) { Preparation = [new(Read) { Path = warmUp.Path }], Sends = false },
            new(Twin, () => Workshop.StartModuleAsync(), new(Twin) { Path = file.Path, Count = Options.CsvRecords }) { Preparation = [new(Twin) { Path = warmUp.Path }], Sends = false },
        ];
        await contest.VerifyAsync(contenders[0], file.Expected).ConfigureAwait(false);
        await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{contest.Median(Import, result => result.Rate):N0} records/s, Import-Csv alone {contest.Median(Read, result => result.Rate):N0}, into an empty cmdlet with as many parameters {contest.Median(Twin, result => result.Rate):N0}, {Workshop.Shell.Engine}");
        return [Row.Measured("import-csv", contest.Compare(Import, Read, (import, read) => import.Rate / read.Rate), note)];
    }
}
