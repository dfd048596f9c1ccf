using System.Security;
using System.Text.Json;
using OptimoveDC;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Checkpoints;
using OptimoveDC.Core.Loading.Rejects;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.LoadProcess;

// "runtime=" alone prints the version of .NET that it runs on.
if (args is ["runtime="])
{
    Console.WriteLine(Environment.Version);
    return 0;
}

// Imports one file or one shard of it, or syncs one, and prints the account as JSON. Arguments: name=value; the keys come
// from the environment. "limit" is the most bytes that a file may have which this process writes: a disk that is full to it.
var given = args.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
var secret = new SecureString();
foreach (var character in Environment.GetEnvironmentVariable("OPTIMOVE_API_KEY")!)
{
    secret.AppendChar(character);
}

if (given.TryGetValue("limit", out var limit))
{
    FileLimit.Set(long.Parse(limit, System.Globalization.CultureInfo.InvariantCulture));
}

using var client = new DataConnectionsClient(new ApiTransport(
    ServiceAddress.Parse(new Uri(given["uri"])),
    new ApiCredential(secret, Guid.Parse(Environment.GetEnvironmentVariable("OPTIMOVE_BRAND_KEY")!)),
    new TransportOptions()));

if (given.ContainsKey("state"))
{
    return await OptimoveDC.LoadProcess.SyncRun.RunAsync(client, given);
}

var header = new CheckpointHeader
{
    Source = given["source"],
    DataConnectionId = Guid.Parse(given["connection"]),
    BatchId = given.TryGetValue("batchid", out var batch) ? Guid.Parse(batch) : Guid.NewGuid(),
    Shard = given.TryGetValue("shard", out var shard) ? new Shard(Number(shard), Number(given["shards"])) : null,
    StartedAt = DateTimeOffset.UtcNow,
    Options = new Dictionary<string, string> { ["KeyProperty"] = "user_id" },
};
var earlier = given.ContainsKey("resume") ? Checkpoint.Read(given["checkpoint"]) : null;
if (earlier is not null && header.FindDifference(earlier.Header) is { } difference)
{
    Console.Error.WriteLine(difference);
    return 2;
}

header = earlier?.Header ?? header;
using var rejects = given.TryGetValue("rejects", out var rejectPath) ? new RejectFile(rejectPath, continues: earlier is not null) : null;
var plan = new LoadPlan
{
    Envelope = new UploadEnvelope(header.BatchId, null),
    Source = header.Source,
    DataConnectionId = header.DataConnectionId,
    BatchId = header.BatchId,
    Shard = header.Shard,
    KeepBatchOpen = given.ContainsKey("keepopen"),
    BatchSize = Number(given["batch"]),
    ThrottleLimit = Number(given["throttle"]),
    Checkpoint = new CheckpointPlan { Path = given["checkpoint"], Header = header, Earlier = earlier },
    RejectFile = rejects,
};

try
{
    var source = await RecordFile.OpenAsync(given["source"], new FileLayout { KeyProperty = "user_id" }, CancellationToken.None);
    await using var opened = source.ConfigureAwait(false);
    var loader = Loader.Start(client, plan, new LoadObserver { Warning = Console.Error.WriteLine }, CancellationToken.None);
    await using var started = loader.ConfigureAwait(false);
    var report = await loader.LoadAsync(source);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        report.Result.Read,
        report.Result.PassedOver,
        report.Result.Sent,
        report.Result.Rejected,
        report.Result.Skipped,
        report.Result.Unknown,
        report.Result.NotSent,
        report.Result.Completed,
        report.Result.Throttled,
        report.Result.BatchId,
        report.Result.CheckpointPath,
        FailureType = report.Failure?.GetType().Name,
        Failure = report.Failure?.Message,
        HeapLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    }));
    return report.Failure is null && (report.Result.Completed || plan.KeepBatchOpen) ? 0 : 1;
}
catch (Exception exception) when (exception is SourceException or CheckpointException)
{
    // Refused before anything was sent.
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        Read = 0,
        FailureType = exception.GetType().Name,
        Failure = exception.Message,
        HeapLimit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    }));
    return 1;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
