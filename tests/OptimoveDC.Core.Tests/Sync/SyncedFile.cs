using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records.Files;
using OptimoveDC.Core.Sync;
using OptimoveDC.Core.Tests.Resuming;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>A file of customers, its state, and the account that both are synced with. Days pass on a clock that all share.</summary>
internal sealed class SyncedFile : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly EmulatedAccount _account;
    private readonly DataConnectionsClient _client;
    private readonly bool _ownsAccount;
    private int _earlier;

    internal SyncedFile(EmulatorOptions? options = null)
    {
        _account = EmulatedAccount.Open(options ?? new EmulatorOptions { TimeProvider = Clock }, new TransportOptions { TimeProvider = Clock });
        _client = _account.Client;
        _ownsAccount = true;
    }

    /// <summary>A file that is synced with an account that is there already, by a client of its own.</summary>
    internal SyncedFile(EmulatedAccount account, DataConnectionsClient client) => (_account, _client) = (account, client);

    internal EmulatorClock Clock { get; } = new();

    internal EmulatorServer Server => _account.Server;

    internal EmulatedConnection Connection => _account.Connection;

    internal EmulatorOptions Options => _account.Options;

    internal List<string> Warnings { get; } = [];

    internal string Source => _folder.PathOf("customers.csv");

    internal string StatePath => _folder.PathOf("customers.db");

    /// <summary>The requests of the last sync.</summary>
    internal IReadOnlyList<LoggedRequest> Requests => [.. _account.Server.Service.Requests.Skip(_earlier)];

    internal SyncPlan Plan => new()
    {
        Source = Source,
        StatePath = StatePath,
        DataConnectionId = Connection.Id,
        KeyOptions = new Dictionary<string, string> { ["KeyProperty"] = "user_id" },
    };

    internal void Write(params (string Key, string Value)[] rows) => Write(rows.AsEnumerable());

    internal void Write(IEnumerable<(string Key, string Value)> rows) =>
        WriteText("user_id,value\n" + string.Concat(rows.Select(row => $"{row.Key},{row.Value}\n")));

    internal void WriteText(string text) => File.WriteAllText(Source, text);

    /// <summary>Has the file be JSON, which is told by its content.</summary>
    internal void WriteJson(string text) => WriteText(text);

    internal Synchronization Open(SyncPlan plan, bool isTrial = false) =>
        Synchronization.Open(_client, plan, new LoadObserver { Warning = text => { lock (Warnings) { Warnings.Add(text); } } }, isTrial);

    /// <summary>Syncs the file as it is.</summary>
    internal async Task<SyncReport> SyncAsync(Func<SyncPlan, SyncPlan>? change = null, bool isTrial = false, Action? betweenReadings = null)
    {
        _earlier = _account.Server.Service.Requests.Count;
        var plan = change is null ? Plan : change(Plan);
        await using var sync = Open(plan, isTrial);
        Exception? objection;
        await using (var source = await OpenSourceAsync(TestContext.Current.CancellationToken))
        {
            objection = await sync.CompareAsync(source, TestContext.Current.CancellationToken);
        }

        if (isTrial || objection is not null)
        {
            return sync.Refrain(objection);
        }

        betweenReadings?.Invoke();
        return await sync.SendAsync(OpenSourceAsync, TestContext.Current.CancellationToken);
    }

    /// <summary>The service holds these records and no other.</summary>
    internal void AssertHolds(params (string Key, string Value)[] rows) => AssertHolds(rows.AsEnumerable());

    internal void AssertHolds(IEnumerable<(string Key, string Value)> rows) => Assert.Equal(
        rows.Select(row => $$"""{"user_id":"{{row.Key}}","value":"{{row.Value}}"}""").Order(StringComparer.Ordinal),
        Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));

    /// <summary>The keys that the state says the service holds, as JSON, each with the hash of its record.</summary>
    internal Dictionary<string, UInt128> Claims()
    {
        var claims = new Dictionary<string, UInt128>();
        using var connection = new SqliteConnection($"Data Source={StatePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, hash FROM records WHERE pending = 0";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            claims.Add(Encoding.UTF8.GetString(((byte[])reader[0]).AsSpan(8)), BinaryPrimitives.ReadUInt128BigEndian((byte[])reader[1]));
        }

        return claims;
    }

    /// <summary>Whatever the state claims can be queried, and is what it says.</summary>
    internal void AssertClaimsAreTrue()
    {
        var held = Connection.Records.ToDictionary(record => record.KeyJson, record => SourceChunks.HashOf(Encoding.UTF8.GetBytes(record.Json)));
        Assert.All(Claims(), claim => Assert.True(held.TryGetValue(claim.Key, out var hash) && hash == claim.Value, $"{claim.Key} is not what the state says"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_ownsAccount)
        {
            await _account.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<Core.Records.IRecordSource> OpenSourceAsync(CancellationToken cancellationToken) =>
        await RecordFile.OpenAsync(Source, new FileLayout { KeyProperty = "user_id" }, cancellationToken);
}
