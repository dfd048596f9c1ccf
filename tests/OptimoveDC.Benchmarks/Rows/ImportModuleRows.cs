using System.Globalization;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>What importing the module takes in a shell that has just started, beside a binary module with one cmdlet.</summary>
internal sealed class ImportModuleRows(Workshop workshop) : RowGroup(workshop)
{
    internal override IReadOnlyList<string> Names { get; } = ["import-module"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var module = new List<double>();
        var empty = new List<double>();
        for (var round = 1; round <= Options.ImportModuleRuns; round++)
        {
            module.Add(await ImportAsync(PackagedModule.Manifest).ConfigureAwait(false));
            empty.Add(await ImportAsync(PackagedModule.EmptyModule).ConfigureAwait(false));
            Workshop.Say(string.Create(CultureInfo.InvariantCulture, $"import-module: round {round} of {Options.ImportModuleRuns}: {module[^1]:F0} ms, an empty one {empty[^1]:F0} ms"));
        }

        var note = string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(module):F0} ms, an empty one {Statistics.Median(empty):F0} ms, {Workshop.Shell.Engine}");
        return [Row.Measured("import-module", module.Zip(empty, (one, other) => one - other), note)];
    }

    private async Task<double> ImportAsync(string path)
    {
        var shell = await Workshop.Shell.StartBareAsync().ConfigureAwait(false);
        await using (shell.ConfigureAwait(false))
        {
            return (await shell.DoAsync(new("import-module") { Path = path }).ConfigureAwait(false)).Seconds * 1000;
        }
    }
}
