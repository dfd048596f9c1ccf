using System.Globalization;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>The import of a file beside its peers: all of them, in turn, on the same file and the same sink.</summary>
internal sealed class FileRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Product = "product";
    private const string Python = "python";
    private const string Stage = "stage";
    private const string Floor = "floor";
    private const string Test = "test";

    internal override IReadOnlyList<string> Names { get; } = ["python", "stage", "floor", "cpu", "allocated", "test"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var rows = new List<Row>();
        var contest = new Contest(Workshop, "file");
        var file = Workshop.FileOf(Options.FileRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        var contenders = new List<Contender>();
        if (Wants("python", "stage", "floor", "cpu", "allocated"))
        {
            var product = new Contender(Product, () => Workshop.StartModuleAsync(), new("import") { Path = file.Path })
            {
                Preparation = [new("import") { Path = warmUp.Path }],
            };
            var bodies = Directory.CreateDirectory(Path.Combine(Workshop.Folder, "bodies")).FullName;
            await contest.VerifyAsync(product, file.Expected, bodies).ConfigureAwait(false);
            contenders.Add(product);
            if (Wants("floor"))
            {
                var floor = new Contender(Floor, () => WorkerProcess.StartAsync(ReadyBodies.Kind, Workshop.Sink.Service.AbsoluteUri), new("post") { Count = Options.FileRecords })
                {
                    Preparation = [new("hold") { Path = bodies }, new("post") { Count = Options.WarmUpRecords }],
                };
                await contest.VerifyAsync(floor, file.Expected).ConfigureAwait(false);
                contenders.Add(floor);
            }
        }

        if (Wants("python", "cpu"))
        {
            if (PythonPeer.Find(out var program, out var reason))
            {
                var python = new Contender(Python, () => PythonPeer.StartAsync(program, Workshop.Sink.Service), new("import") { Path = file.Path })
                {
                    Preparation = [new("import") { Path = warmUp.Path }],
                };
                await contest.VerifyAsync(python, file.Expected).ConfigureAwait(false);
                contenders.Add(python);
            }
            else
            {
                rows.AddRange(new[] { "python", "cpu" }.Where(name => Wants(name)).Select(name => Row.Skipped(name, reason)));
            }
        }

        if (Wants("test") && await FindTestAsync(file.Path, warmUp.Path).ConfigureAwait(false) is var (test, unable))
        {
            if (test is null)
            {
                rows.Add(Row.Skipped("test", unable!));
            }
            else
            {
                contenders.Add(test);
            }
        }

        if (Wants("stage") || contenders.Any(contender => contender.Name == Test))
        {
            contenders.Add(new Contender(Stage, () => WorkerProcess.StartAsync(FrozenStage.Kind), new("run") { Path = file.Path })
            {
                Preparation = [new("run") { Path = warmUp.Path }],
                Sends = false,
            });
        }

        if (contenders.Count > 0)
        {
            await contest.RunAsync(contenders, Options.Runs).ConfigureAwait(false);
        }

        rows.AddRange(Read(contest, contenders));
        return rows;
    }

    private async Task<(Contender? Test, string? Unable)> FindTestAsync(string path, string warmUp)
    {
        var worker = await Workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            var result = await worker.DoAsync(new("test") { Path = warmUp }).ConfigureAwait(false);
            return result.Unable is { } reason
                ? (null, reason)
                : (new Contender(Test, () => Workshop.StartModuleAsync(), new("test") { Path = path }) { Preparation = [new("test") { Path = warmUp }], Sends = false }, null);
        }
    }

    private IEnumerable<Row> Read(Contest contest, IReadOnlyList<Contender> contenders)
    {
        var ran = contenders.Select(contender => contender.Name).ToHashSet();
        if (Wants("python") && ran.Contains(Python))
        {
            yield return Row.Measured("python", contest.Compare(Product, Python, (product, python) => python.Seconds / product.Seconds), Times(contest, Python));
        }

        if (Wants("stage"))
        {
            yield return Row.Measured("stage", contest.Compare(Product, Stage, (product, stage) => product.Seconds / stage.Seconds), Times(contest, Stage));
        }

        if (Wants("floor"))
        {
            yield return Row.Measured("floor", contest.Compare(Product, Floor, (product, floor) => floor.Seconds / product.Seconds), Times(contest, Floor));
        }

        if (Wants("cpu") && ran.Contains(Python))
        {
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"{contest.Median(Product, PerMillion):F2} CPU s a million records, python {contest.Median(Python, PerMillion):F2}");
            yield return Row.Measured("cpu", contest.Compare(Product, Python, (product, python) => product.CpuSeconds / python.CpuSeconds), note);
        }

        if (Wants("allocated"))
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"{contest.Median(Product, result => result.AllocatedBytes) / 1e6:F1} MB in all");
            yield return Row.Measured("allocated", contest[Product].Select(result => (double)result.AllocatedBytes / result.Records), note);
        }

        if (ran.Contains(Test))
        {
            yield return Row.Measured("test", contest.Compare(Test, Stage, (test, stage) => test.Seconds / stage.Seconds), Times(contest, Stage, Test));
        }
    }

    private static double PerMillion(WorkerResult result) => result.CpuSeconds * 1e6 / result.Records;

    private static string Times(Contest contest, string peer, string own = Product) => string.Create(
        CultureInfo.InvariantCulture,
        $"{contest.Median(own, result => result.Seconds):F3} s, {peer} {contest.Median(peer, result => result.Seconds):F3} s");
}
