using System.Globalization;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Sync;

namespace OptimoveDC.LoadProcess;

/// <summary>Syncs one CSV file, says how far it is, and prints the account as JSON on the last line.</summary>
internal static class SyncRun
{
    internal static async Task<int> RunAsync(DataConnectionsClient client, Dictionary<string, string> given)
    {
        var plan = new SyncPlan
        {
            Source = given["source"],
            StatePath = given["state"],
            DataConnectionId = Guid.Parse(given["connection"]),
            KeyOptions = new Dictionary<string, string> { ["KeyProperty"] = "user_id" },
            DeleteMissing = true,
            BatchSize = int.Parse(given["batch"], CultureInfo.InvariantCulture),
            DeleteBatchSize = int.Parse(given["deletes"], CultureInfo.InvariantCulture),
        };
        await using var sync = Synchronization.Open(client, plan, new LoadObserver { Warning = Console.Error.WriteLine });
        await Console.Out.WriteLineAsync("opened");
        Exception? objection;
        await using (var source = await OpenAsync(CancellationToken.None))
        {
            objection = await sync.CompareAsync(source, CancellationToken.None);
        }

        await Console.Out.WriteLineAsync("compared");
        var report = objection is null ? await sync.SendAsync(OpenAsync, CancellationToken.None) : sync.Refrain(objection);
        Console.WriteLine(JsonSerializer.Serialize(report.Result));
        await Console.Error.WriteLineAsync(report.Failure?.Message);
        return report.Failure is null && report.Result.Completed ? 0 : 1;

        async Task<IRecordSource> OpenAsync(CancellationToken stop) =>
            await CsvRecordSource.OpenAsync(given["source"], new FileLayout { KeyProperty = "user_id" }, stop);
    }
}
