using System.Globalization;
using System.Text;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;
using OptimoveDC.Emulator;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// The sync of a file that did not change, beside the frozen stage; and that of a file of the day after, whose requests
/// are counted and whose outcome is read from the emulator, record by record.
/// </summary>
internal sealed class SyncRows(Workshop workshop) : RowGroup(workshop)
{
    private const string Product = "product";
    private const string Stage = "stage";
    private const int BatchSize = 5000;
    private const int DeleteBatchSize = 1000;

    internal override IReadOnlyList<string> Names { get; } = ["sync", "sync-changes"];

    internal override async Task<IReadOnlyList<Row>> MeasureAsync()
    {
        var rows = new List<Row>();
        if (Wants("sync"))
        {
            rows.Add(await MeasureUnchangedAsync().ConfigureAwait(false));
        }

        if (Wants("sync-changes"))
        {
            rows.Add(await MeasureChangesAsync().ConfigureAwait(false));
        }

        return rows;
    }

    private async Task<Row> MeasureUnchangedAsync()
    {
        var file = Workshop.FileOf(Options.FileRecords);
        var warmUp = Workshop.FileOf(Options.WarmUpRecords);
        var (state, warmUpState) = (Path.Combine(Workshop.Folder, "customers.db"), Path.Combine(Workshop.Folder, "warm-up.db"));
        var first = await Workshop.StartModuleAsync().ConfigureAwait(false);
        await using (first.ConfigureAwait(false))
        {
            await first.DoAsync(new("sync") { Path = warmUp.Path, State = warmUpState, Count = Options.WarmUpRecords }).ConfigureAwait(false);
            var all = await first.DoAsync(new("sync") { Path = file.Path, State = state, Count = Options.FileRecords }).ConfigureAwait(false);
            Workshop.Say(string.Create(CultureInfo.InvariantCulture, $"sync: the first one, which sends everything: {all.Seconds:F3} s"));
        }

        var product = new Contender(Product, () => Workshop.StartModuleAsync(), new("sync-unchanged") { Path = file.Path, State = state, Count = Options.FileRecords })
        {
            Preparation = [new("sync-unchanged") { Path = warmUp.Path, State = warmUpState, Count = Options.WarmUpRecords }],
            Sends = false,
        };
        var stage = new Contender(Stage, () => WorkerProcess.StartAsync(FrozenStage.Kind), new("run") { Path = file.Path })
        {
            Preparation = [new("run") { Path = warmUp.Path }],
            Sends = false,
        };
        var contest = new Contest(Workshop, "sync");
        await contest.RunAsync([product, stage], Options.Runs).ConfigureAwait(false);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{contest.Median(Product, result => result.Seconds):F3} s, stage {contest.Median(Stage, result => result.Seconds):F3} s; peak {contest.Median(Product, result => result.PeakBytes) / 1e6:F0} MB, state {new FileInfo(state).Length / 1e6:F0} MB");
        return Row.Measured("sync", contest.Compare(Product, Stage, (sync, frozen) => sync.Seconds / frozen.Seconds), note);
    }

    private async Task<Row> MeasureChangesAsync()
    {
        var today = Workshop.FileOf(Options.FileRecords);
        var tomorrow = CustomerFile.CreateNextDay(Path.Combine(Workshop.Folder, "next-day.csv"), Options.FileRecords);
        var ratios = new List<double>();
        var notes = new List<string>();
        foreach (var timeToLive in new int?[] { null, 86400 })
        {
            var (requests, seconds) = await SyncNextDayAsync(today, tomorrow, timeToLive).ConfigureAwait(false);
            var fewest = Ceiling(Options.FileRecords / 50 + (Options.FileRecords / 200), BatchSize) + Ceiling(Options.FileRecords * 3 / 1000, DeleteBatchSize);
            ratios.Add((double)requests / fewest);
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{(timeToLive is null ? "without" : "with")} a time-to-live {requests} requests in {seconds:F1} s"));
        }

        return Row.Measured("sync-changes", ratios, string.Join(", ", notes));
    }

    /// <exception cref="InvalidOperationException">The emulator does not hold what the file does.</exception>
    private async Task<(long Requests, double Seconds)> SyncNextDayAsync(CustomerFile today, CustomerFile tomorrow, int? timeToLive)
    {
        var server = EmulatorServer.Start(new EmulatorOptions { KeepArrivals = false });
        await using (server.ConfigureAwait(false))
        {
            var brand = server.Service.AddBrand();
            var connection = server.Service.AddConnection(brand, "customers", CustomerGenerator.KeyColumn);
            var shell = await Workshop.Shell.StartModuleAsync(server.BaseAddress, brand.ApiKey, brand.BrandKey, connection.Id).ConfigureAwait(false);
            await using (shell.ConfigureAwait(false))
            {
                var sync = new WorkerCommand("sync-all") { Path = today.Path, State = Path.Combine(Workshop.Folder, $"next-day-{timeToLive ?? 0}.db"), TimeToLive = timeToLive };
                await shell.DoAsync(sync).ConfigureAwait(false);
                Workshop.Say("sync-changes: the first sync is done");
                var before = server.Service.RequestCount;
                var result = await shell.DoAsync(sync with { Path = tomorrow.Path }).ConfigureAwait(false);
                return Read(connection) == tomorrow.Expected
                    ? (server.Service.RequestCount - before, result.Seconds)
                    : throw new InvalidOperationException("The emulator does not hold what the file does.");
            }
        }
    }

    private static Expectation Read(EmulatedConnection connection)
    {
        var (count, keys, records) = (0L, 0UL, 0UL);
        foreach (var part in connection.Records.Chunk(BatchSize))
        {
            var body = BodyRecords.Read("upload_data", Encoding.UTF8.GetBytes($"{{\"data\":[{string.Join(',', part.Select(record => record.Json))}]}}"));
            (count, keys, records) = unchecked((count + body.Count, keys + body.KeySum, records + body.RecordSum));
        }

        return new Expectation(count, keys, records);
    }

    private static int Ceiling(int count, int batchSize) => (count + batchSize - 1) / batchSize;
}
