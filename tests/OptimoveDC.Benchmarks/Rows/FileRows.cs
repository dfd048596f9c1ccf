using System.Globalization;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>The import of a file beside its peers: all of them, in turn, on the same file and the same sink.</summary>
internal sealed class FileRows : RowGroup
{
    private const string Product = "product";
    private const string Python = "python";
    private const string Stage = "stage";
    private const string Floor = "floor";
    private const string Idiom = "idiom";
    private const string Test = "test";

    private readonly Contest _contest;
    private readonly List<Contender> _contenders = [];
    private readonly List<Row> _skipped = [];

    internal FileRows(Workshop workshop)
        : base(workshop) => _contest = new Contest(workshop, "file");

    internal override IReadOnlyList<string> Names { get; } = ["python", "shell-idiom", "stage", "floor", "cpu", "allocated", "test"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var file = Workshop.FileOf(Options.FileRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        if (Wants("python", "shell-idiom", "stage", "floor", "cpu", "allocated"))
        {
            await AddProductAndFloorAsync(file, warmUp).ConfigureAwait(false);
        }

        if (Wants("python", "cpu"))
        {
            await AddPythonAsync(file, warmUp).ConfigureAwait(false);
        }

        if (Wants("shell-idiom"))
        {
            await AddIdiomAsync().ConfigureAwait(false);
        }

        if (Wants("test"))
        {
            AddTest(file, warmUp);
        }

        if (Wants("stage") || _contenders.Any(contender => contender.Name == Test))
        {
            _contenders.Add(new Contender(Stage, () => WorkerProcess.StartAsync(FrozenStage.Kind), new("run") { Path = file.Path })
            {
                Preparation = [new("run") { Path = warmUp.Path }],
                Sends = false,
            });
        }

        await _contest.RunAsync(_contenders, Options.Runs).ConfigureAwait(false);
        return [.. _skipped, .. Read()];
    }

    private async Task AddProductAndFloorAsync(CustomerFile file, CustomerFile warmUp)
    {
        var bodies = Directory.CreateDirectory(Path.Combine(Workshop.Folder, "bodies")).FullName;
        var product = new Contender(Product, () => Workshop.StartModuleAsync(), new("import") { Path = file.Path })
        {
            Preparation = [new("import") { Path = warmUp.Path }],
        };
        await AddAsync(product, file.Expected, bodies).ConfigureAwait(false);
        if (Wants("floor"))
        {
            var floor = new Contender(Floor, () => WorkerProcess.StartAsync(ReadyBodies.Kind, Workshop.Sink.Service.AbsoluteUri), new("post") { Count = Options.FileRecords })
            {
                Preparation = [new("hold") { Path = bodies }, new("post") { Count = Options.WarmUpRecords }],
            };
            await AddAsync(floor, file.Expected).ConfigureAwait(false);
        }
    }

    private async Task AddPythonAsync(CustomerFile file, CustomerFile warmUp)
    {
        if (!PythonPeer.Find(out var program, out var reason))
        {
            _skipped.AddRange(new[] { "python", "cpu" }.Where(name => Wants(name)).Select(name => Row.Skipped(name, reason)));
            return;
        }

        var python = new Contender(Python, () => PythonPeer.StartAsync(program, Workshop.Sink.Service), new("import") { Path = file.Path })
        {
            Preparation = [new("import") { Path = warmUp.Path }],
        };
        await AddAsync(python, file.Expected).ConfigureAwait(false);
    }

    private async Task AddIdiomAsync()
    {
        var part = Workshop.FileOf(Options.ShellRecords);
        var idiom = new Contender(Idiom, () => Workshop.StartModuleAsync(), new(Idiom) { Path = part.Path })
        {
            Preparation = [new(Idiom) { Path = Workshop.FileOf(Options.ShellWarmUpRecords).Path }],
        };
        await AddAsync(idiom, part.Expected).ConfigureAwait(false);
    }

    private void AddTest(CustomerFile file, CustomerFile warmUp) =>
        _contenders.Add(new Contender(Test, () => Workshop.StartModuleAsync(), new(Test) { Path = file.Path, Count = Options.FileRecords })
        {
            Preparation = [new(Test) { Path = warmUp.Path, Count = Options.WarmUpRecords }],
            Sends = false,
        });

    private async Task AddAsync(Contender contender, Expectation expected, string? keepFolder = null)
    {
        await _contest.VerifyAsync(contender, expected, keepFolder).ConfigureAwait(false);
        _contenders.Add(contender);
    }

    private IEnumerable<Row> Read()
    {
        var ran = _contenders.Select(contender => contender.Name).ToHashSet();
        if (Wants("python") && ran.Contains(Python))
        {
            yield return Row.Measured("python", _contest.Compare(Product, Python, (product, python) => python.Seconds / product.Seconds), Times(Python));
        }

        if (ran.Contains(Idiom))
        {
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"{_contest.Median(Product, result => result.Rate):N0} records/s, {Idiom} {_contest.Median(Idiom, result => result.Rate):N0}, {Workshop.Shell.Engine}");
            yield return Row.Measured("shell-idiom", _contest.Compare(Product, Idiom, (product, idiom) => product.Rate / idiom.Rate), note);
        }

        if (Wants("stage"))
        {
            yield return Row.Measured("stage", _contest.Compare(Product, Stage, (product, stage) => product.Seconds / stage.Seconds), Times(Stage));
        }

        if (Wants("floor"))
        {
            yield return Row.Measured("floor", _contest.Compare(Product, Floor, (product, floor) => floor.Seconds / product.Seconds), Times(Floor));
        }

        if (Wants("cpu") && ran.Contains(Python))
        {
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"{_contest.Median(Product, PerMillion):F2} CPU s a million records, python {_contest.Median(Python, PerMillion):F2}");
            yield return Row.Measured("cpu", _contest.Compare(Product, Python, (product, python) => product.CpuSeconds / python.CpuSeconds), note);
        }

        if (Wants("allocated"))
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"{_contest.Median(Product, result => result.AllocatedBytes) / 1e6:F1} MB in all");
            yield return Row.Measured("allocated", _contest[Product].Select(result => (double)result.AllocatedBytes / result.Records), note);
        }

        if (ran.Contains(Test))
        {
            yield return Row.Measured("test", _contest.Compare(Test, Stage, (test, stage) => test.Seconds / stage.Seconds), Times(Stage, Test));
        }
    }

    private static double PerMillion(WorkerResult result) => result.CpuSeconds * 1e6 / result.Records;

    private string Times(string peer, string own = Product) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_contest.Median(own, result => result.Seconds):F3} s, {peer} {_contest.Median(peer, result => result.Seconds):F3} s");
}
