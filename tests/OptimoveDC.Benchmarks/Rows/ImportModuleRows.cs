using System.Globalization;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// What importing the module takes in a shell that has just started, beside a binary module with one cmdlet: in a real
/// shell where there is one, for its engine is compiled ahead of time, and the hosted one compiles itself meanwhile.
/// </summary>
internal sealed class ImportModuleRows(Workshop workshop) : RowGroup(workshop)
{
    internal override IReadOnlyList<string> Names { get; } = ["import-module"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var isReal = ShellPeer.Find(out _);
        var module = new List<double>();
        var empty = new List<double>();
        for (var round = 1; round <= Options.Runs; round++)
        {
            module.Add(await ImportAsync(PackagedModule.Manifest, isReal).ConfigureAwait(false));
            empty.Add(await ImportAsync(PackagedModule.EmptyModule, isReal).ConfigureAwait(false));
            Workshop.Say(string.Create(CultureInfo.InvariantCulture, $"import-module: round {round} of {Options.Runs}: {module[^1]:F0} ms, an empty one {empty[^1]:F0} ms"));
        }

        var note = string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(module):F0} ms, an empty one {Statistics.Median(empty):F0} ms, {(isReal ? "in pwsh" : "in the hosted engine, which is compiled as it runs")}");
        return [Row.Measured("import-module", module.Zip(empty, (one, other) => one - other), note)];
    }

    private static async Task<double> ImportAsync(string path, bool isReal)
    {
        var worker = await (isReal ? ShellPeer.StartBareAsync() : WorkerProcess.StartAsync(BareShellWorker.Kind)).ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            return (await worker.DoAsync(new("import-module") { Path = path }).ConfigureAwait(false)).Seconds * 1000;
        }
    }
}
