using System.Globalization;
using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>
/// One source loaded by eight processes that know nothing of each other but the batch: two of them are killed and started
/// again, and all meet the one limit of their key. The emulator's log says what became of each record.
/// </summary>
public sealed class EightProcessesTests(ITestOutputHelper output)
{
    private const int Shards = 8;
    private const int Closing = Shards - 1;
    private const int Killed = 2;
    private const int Rows = 960;
    private const int BatchSize = 20;

    private readonly List<(string Key, string Value)> _rows = MakeRows();

    // Each is killed once: with a chunk under way, or with the request that completes the batch.
    private readonly Dictionary<int, ImportProcess> _victims = [];
    private int _ofKilled;

    [Fact]
    public async Task Eight_processes_of_which_two_are_killed_and_restarted_are_one_load()
    {
        using var folder = new ScratchFolder();
        var source = folder.Write("customers.csv", "user_id,value\n" + string.Concat(_rows.Select(row => $"{row.Key},{row.Value}\n")));
        await using var server = EmulatorServer.Start(new EmulatorOptions
        {
            RateLimit = new SlidingWindow(10, TimeSpan.FromSeconds(1)),
            RejectRecord = record => record.GetProperty("value").GetString()!.StartsWith("bad", StringComparison.Ordinal),
            FaultPlan = KillTheSender,
        });
        var connection = server.Service.AddConnection(server.Service.AddBrand(), "customers", "user_id");
        var batch = Guid.NewGuid();

        ImportProcess Start(int shard, bool resume) => ImportProcess.Start(
            server, connection, source, folder.PathOf($"{shard}.checkpoint"), folder.PathOf($"{shard}.rejects"), resume, BatchSize, throttle: 4,
            more: [$"batchid={batch}", $"shard={shard}", $"shards={Shards}", .. shard == Closing ? Array.Empty<string>() : ["keepopen=yes"]]);

        async Task<JsonElement> LoadAsync(int shard)
        {
            if (shard is Killed or Closing)
            {
                ImportProcess first;
                lock (_victims)
                {
                    first = _victims[shard] = Start(shard, resume: false);
                }

                using (first)
                {
                    Assert.Null(await first.EndAsync());
                }
            }

            using var process = Start(shard, resume: shard is Killed or Closing);
            return (await process.EndAsync())!.Value;
        }

        var accounts = (await Task.WhenAll(Enumerable.Range(0, Closing).Select(LoadAsync))).ToList();
        Assert.False(Assert.Single(connection.Batches).Completed);
        accounts.Add(await LoadAsync(Closing));

        CheckAccounts(accounts);
        CheckContent(connection);
        CheckOrder(connection);
        CheckBatch(connection, batch);
        output.WriteLine($"{server.Service.RequestCount} requests, {server.Service.Requests.Count(request => request.StatusCode == 429)} answered 429");
        Assert.Contains(server.Service.Requests, request => request.StatusCode == 429);
        Assert.All(Enumerable.Range(0, Shards), shard => Assert.False(File.Exists(folder.PathOf($"{shard}.checkpoint"))));
    }

    // Each value says its place in the source; one row in eight repeats a key that lies well behind.
    private static List<(string Key, string Value)> MakeRows()
    {
        var random = new Random(8);
        var rows = new List<(string Key, string Value)>();
        for (var place = 0; place < Rows; place++)
        {
            var key = place > Rows / 4 && random.Next(8) == 0 ? rows[random.Next(place - (Rows / 8))].Key : $"k{place:D4}";
            var isBad = place % 301 == 300;
            rows.Add(place % 401 == 400
                ? ("", "no key")
                : (isBad ? $"bad{place:D4}" : key, (isBad ? "bad " : "") + place.ToString(CultureInfo.InvariantCulture)));
        }

        return rows;
    }

    private static bool IsSendable((string Key, string Value) row) => row.Key.Length > 0 && !row.Value.StartsWith("bad", StringComparison.Ordinal);

    private void CheckAccounts(List<JsonElement> accounts)
    {
        long Sum(string name) => accounts.Sum(account => account.GetProperty(name).GetInt64());
        Assert.All(accounts, account => Assert.Equal(Rows, account.GetProperty("Read").GetInt64() + account.GetProperty("PassedOver").GetInt64()));
        Assert.Equal([Rows, _rows.Count(row => !IsSendable(row)), 0, 0], [Sum("Read"), Sum("Rejected"), Sum("Unknown"), Sum("NotSent")]);
        Assert.Equal(Rows, Sum("Sent") + Sum("Skipped") + Sum("Rejected"));
        Assert.Equal([.. Enumerable.Repeat(false, Closing), true], accounts.Select(account => account.GetProperty("Completed").GetBoolean()));
    }

    private void CheckContent(EmulatedConnection connection)
    {
        var expected = _rows.Where(IsSendable).GroupBy(row => row.Key).Select(group => $$"""{"user_id":"{{group.Key}}","value":"{{group.Last().Value}}"}""");
        Assert.Equal(expected.Order(StringComparer.Ordinal), connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));
    }

    private static void CheckOrder(EmulatedConnection connection)
    {
        var byKey = connection.Arrivals.Where(arrival => arrival.Accepted).GroupBy(arrival => arrival.KeyJson).ToList();
        Assert.Contains(byKey, arrivals => arrivals.Select(PlaceOf).Distinct().Count() > 1);
        Assert.All(byKey, arrivals => Assert.Equal(arrivals.Select(PlaceOf).Order(), arrivals.Select(PlaceOf)));

        // No process ever sent what another one owns.
        Assert.All(
            connection.Arrivals.GroupBy(arrival => arrival.RequestSequence),
            request => Assert.Single(request.Select(arrival => ShardOf(arrival.KeyJson)).Distinct()));
    }

    private static void CheckBatch(EmulatedConnection connection, Guid id)
    {
        var batch = Assert.Single(connection.Batches);
        Assert.Equal((id, true), (batch.Id, batch.Completed));

        // The killed closing request had worked, unless the limit had refused it: what came after it was that request
        // again, and nothing else.
        Assert.InRange(batch.RequestsAfterCompletion, 0, 1);
        Assert.Equal(batch.RequestsAfterCompletion, batch.RepeatedClosings);
    }

    private Fault? KillTheSender(LoggedRequest request)
    {
        using var document = JsonDocument.Parse(request.BodyText()!);
        var root = document.RootElement;
        var shard = ShardOf(root.GetProperty("data")[0].GetProperty("user_id").GetRawText());
        var isTime = shard switch
        {
            Killed => Interlocked.Increment(ref _ofKilled) == 4,
            Closing => root.GetProperty("batch_completed").GetBoolean(),
            _ => false,
        };
        if (!isTime)
        {
            return null;
        }

        lock (_victims)
        {
            if (!_victims.Remove(shard, out var victim))
            {
                return null;
            }

            victim.Kill();
        }

        return new Fault { ApplyFirst = true, NeverAnswer = true };
    }

    private static int ShardOf(string keyJson) => (int)(Shard.HashOf(Encoding.UTF8.GetBytes(keyJson)) % Shards);

    private static int PlaceOf(Arrival arrival) =>
        int.Parse(JsonDocument.Parse(arrival.ValueJson!).RootElement.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);
}
