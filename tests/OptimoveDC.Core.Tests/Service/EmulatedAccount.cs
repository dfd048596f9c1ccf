using System.Security;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Service;

/// <summary>A brand with one Data Connection on an emulator of its own, and a client that speaks to it over real HTTP.</summary>
internal sealed class EmulatedAccount : IAsyncDisposable
{
    private EmulatedAccount(EmulatorOptions options, TransportOptions transport, string primaryKey)
    {
        Options = options;
        Server = EmulatorServer.Start(options);
        Brand = Server.Service.AddBrand();
        Connection = Server.Service.AddConnection(Brand, "customers", primaryKey);
        Client = NewClient(Brand.ApiKey, Brand.BrandKey, transport);
    }

    internal EmulatorOptions Options { get; }

    internal EmulatorServer Server { get; }

    internal EmulatedBrand Brand { get; }

    internal EmulatedConnection Connection { get; }

    internal DataConnectionsClient Client { get; }

    /// <summary>What the load at hand warned of.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>Every attempt, as it is told to the user.</summary>
    internal List<RequestAttempt> Attempts { get; } = [];

    /// <summary>Each pause that the service asked for, as it is told to the user.</summary>
    internal List<(string Reason, TimeSpan Wait)> Pauses { get; } = [];

    internal static EmulatedAccount Open(EmulatorOptions? options = null, TransportOptions? transport = null, string primaryKey = "user_id") =>
        new(options ?? new EmulatorOptions(), transport ?? new TransportOptions(), primaryKey);

    internal static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var character in text)
        {
            secret.AppendChar(character);
        }

        return secret;
    }

    internal DataConnectionsClient NewClient(string apiKey, Guid brandKey, TransportOptions? transport = null) =>
        new(new ApiTransport(ServiceAddress.Parse(Server.BaseAddress), new ApiCredential(Secret(apiKey), brandKey), transport ?? new TransportOptions()));

    internal LoadPlan UploadPlan(int? timeToLive = null, int batchSize = LoadPlan.UploadCeiling)
    {
        var batch = Guid.NewGuid();
        return new LoadPlan
        {
            Envelope = new UploadEnvelope(batch, timeToLive),
            Source = "test",
            DataConnectionId = Connection.Id,
            BatchId = batch,
            BatchSize = batchSize,
        };
    }

    internal LoadPlan UpdatePlan(int batchSize = LoadPlan.DefaultKeyedBatchSize) =>
        new() { Envelope = new UpdateEnvelope(), Source = "test", DataConnectionId = Connection.Id, BatchSize = batchSize };

    internal LoadPlan DeletePlan(int batchSize = LoadPlan.DefaultKeyedBatchSize) =>
        new() { Envelope = new DeleteEnvelope(), Source = "test", DataConnectionId = Connection.Id, BatchSize = batchSize };

    internal Task<LoadReport> LoadAsync(LoadPlan plan, IEnumerable<Row> rows, DataConnectionsClient? client = null, CancellationTokenSource? stop = null) =>
        LoadAsync(plan, new RowSource(rows), client, stop);

    internal async Task<LoadReport> LoadAsync(LoadPlan plan, IRecordSource source, DataConnectionsClient? client = null, CancellationTokenSource? stop = null)
    {
        var observer = new LoadObserver
        {
            Warning = text => AddTo(Warnings, text),
            AttemptEnded = attempt => AddTo(Attempts, attempt),
            Throttling = (reason, wait) => AddTo(Pauses, (reason, wait)),
        };
        await using (source)
        await using (var loader = Loader.Start(client ?? Client, plan, observer, stop?.Token ?? TestContext.Current.CancellationToken))
        {
            return await loader.LoadAsync(source);
        }
    }

    /// <summary>Loads a CSV file whose bytes are given.</summary>
    internal Task<LoadReport> LoadCsvAsync(byte[] bytes, FileLayout? layout = null, LoadPlan? plan = null) =>
        LoadFileAsync("customers.csv", bytes, layout, plan);

    /// <summary>Loads a file whose name and bytes are given.</summary>
    internal async Task<LoadReport> LoadFileAsync(string name, byte[] bytes, FileLayout? layout = null, LoadPlan? plan = null)
    {
        var folder = Directory.CreateTempSubdirectory("optimove-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(path, bytes);
            var source = await RecordFile.OpenAsync(path, layout ?? new FileLayout { KeyProperty = "user_id" }, CancellationToken.None);
            return await LoadAsync(plan ?? UploadPlan(), source);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private static void AddTo<T>(List<T> list, T item)
    {
        lock (list)
        {
            list.Add(item);
        }
    }
}
