using System.Globalization;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>What needs a real shell: its own idiom for the same upload, and its own Import-Csv.</summary>
internal sealed class ShellRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Product = "product";
    private const string Idiom = "idiom";
    private const string Import = "import";
    private const string Read = "read";

    internal override IReadOnlyList<string> Names { get; } = ["shell-idiom", "import-csv"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        if (!ShellPeer.Find(out var reason))
        {
            return [.. Names.Where(name => Wants(name)).Select(name => Row.Skipped(name, reason))];
        }

        var rows = new List<Row>();
        if (Wants("shell-idiom"))
        {
            rows.Add(await MeasureIdiomAsync().ConfigureAwait(false));
        }

        if (Wants("import-csv"))
        {
            rows.Add(await MeasureImportCsvAsync().ConfigureAwait(false));
        }

        return rows;
    }

    private async Task<Row> MeasureIdiomAsync()
    {
        var contest = new Contest(Workshop, "shell-idiom");
        var file = Workshop.FileOf(Options.FileRecords);
        var part = Workshop.FileOf(Options.IdiomRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        Contender[] contenders =
        [
            new(Product, () => Workshop.StartModuleAsync(), new("import") { Path = file.Path }) { Preparation = [new("import") { Path = warmUp.Path }] },
            new(Idiom, StartShellAsync, new(Idiom) { Path = part.Path }) { Preparation = [new(Idiom) { Path = warmUp.Path }] },
        ];
        await contest.VerifyAsync(contenders[0], file.Expected).ConfigureAwait(false);
        await contest.VerifyAsync(contenders[1], part.Expected).ConfigureAwait(false);
        await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        return Row.Measured("shell-idiom", contest.Compare(Product, Idiom, (product, idiom) => Rate(product) / Rate(idiom)), Rates(contest, Product, Idiom));
    }

    private async Task<Row> MeasureImportCsvAsync()
    {
        var contest = new Contest(Workshop, "import-csv");
        var file = Workshop.FileOf(Options.IdiomRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        Contender[] contenders =
        [
            new(Import, StartShellAsync, new(Import) { Path = file.Path }) { Preparation = [new(Import) { Path = warmUp.Path }] },
            new(Read, StartShellAsync, new(Read) { Path = file.Path, Count = Options.IdiomRecords }) { Preparation = [new(Read) { Path = warmUp.Path }], Sends = false },
        ];
        await contest.VerifyAsync(contenders[0], file.Expected).ConfigureAwait(false);
        await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        return Row.Measured("import-csv", contest.Compare(Import, Read, (import, read) => Rate(import) / Rate(read)), Rates(contest, Import, Read));
    }

    private Task<WorkerProcess> StartShellAsync() => ShellPeer.StartAsync(Workshop.Sink.Service);

    private static double Rate(WorkerResult result) => result.Records / result.Seconds;

    private static string Rates(Contest contest, string one, string other) => string.Create(
        CultureInfo.InvariantCulture,
        $"{contest.Median(one, Rate):N0} records/s, {other} {contest.Median(other, Rate):N0}");
}
