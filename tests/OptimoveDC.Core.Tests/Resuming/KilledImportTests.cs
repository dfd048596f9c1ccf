using System.Globalization;
using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>An import is killed at a random moment and resumed; the emulator's log says what became of each record.</summary>
public sealed class KilledImportTests
{
    private const int BatchSize = 50;
    private const int ThrottleLimit = 4;
    private const int Rows = 3000;

    /// <summary>When the process dies.</summary>
    public enum Moment
    {
        AnyRequest,
        DuringBisection,
        BeforeCompletion,
        DuringClosing,
    }

    public static TheoryData<int, Moment> Cases() =>
        new(Enumerable.Range(1, 20).Select(seed => (seed, (seed % 5) switch { 1 => Moment.DuringBisection, 2 => Moment.BeforeCompletion, 3 => Moment.DuringClosing, _ => Moment.AnyRequest })));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_killed_import_is_resumed_to_the_end_that_it_would_have_had(int seed, Moment moment)
    {
        var random = new Random(seed);
        var rows = MakeRows(random, lastChunkHasBad: moment is Moment.AnyRequest or Moment.DuringBisection);
        using var folder = new ScratchFolder();
        var source = folder.Write("customers.csv", "user_id,value\n" + string.Concat(rows.Select(row => $"{row.Key},{row.Value}\n")));
        var killer = new Killer(random, moment);
        await using var server = EmulatorServer.Start(new EmulatorOptions
        {
            Latency = TimeSpan.FromMilliseconds(3),
            RejectRecord = record => record.GetProperty("value").GetString()!.StartsWith("bad", StringComparison.Ordinal),
            FaultPlan = killer.Plan,
        });
        var connection = server.Service.AddConnection(server.Service.AddBrand(), "customers", "user_id");
        var (checkpoint, rejects) = (folder.PathOf("import.checkpoint"), folder.PathOf("rejects.ndjson"));

        using (var first = ImportProcess.Start(server, connection, source, checkpoint, rejects, resume: false, BatchSize, ThrottleLimit))
        {
            killer.Victim = first;
            Assert.Null(await first.EndAsync());
        }

        Assert.True(killer.HasKilled);
        using var second = ImportProcess.Start(server, connection, source, checkpoint, rejects, resume: true, BatchSize, ThrottleLimit);
        var account = (await second.EndAsync())!.Value;

        CheckAccount(account, rows);
        CheckContent(connection, rows);
        CheckOrder(connection);
        CheckBatch(connection, account);
        CheckResent(connection);
        Assert.Equal(
            rows.Select((row, at) => (row, Line: at + 2L)).Where(item => item.row.Value.StartsWith("bad", StringComparison.Ordinal)).Select(item => item.Line),
            File.ReadLines(rejects).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("_optimove_reject").GetProperty("line").GetInt64()).Order());
        Assert.False(File.Exists(checkpoint));
    }

    // Each value says its place in the source; one row in eight repeats a key that lies at least a chunk behind.
    private static List<(string Key, string Value)> MakeRows(Random random, bool lastChunkHasBad)
    {
        var rows = new List<(string Key, string Value)>();
        for (var place = 0; place < Rows; place++)
        {
            var again = place > 3 * BatchSize && random.Next(8) == 0;
            var key = again ? rows[random.Next(place - BatchSize)].Key : $"k{place:D5}";
            var isBad = place % 601 == 600 || (lastChunkHasBad && place == Rows - 7);
            rows.Add((isBad ? $"bad{place:D5}" : key, isBad ? $"bad {place}" : place.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.True(rows.Count - rows.Select(row => row.Key).Distinct().Count() >= Rows / 10);
        return rows;
    }

    private static void CheckAccount(JsonElement account, List<(string Key, string Value)> rows)
    {
        var bad = rows.Count(row => row.Value.StartsWith("bad", StringComparison.Ordinal));
        var counts = new[] { "Sent", "Rejected", "Skipped", "Unknown", "NotSent" }.Select(name => account.GetProperty(name).GetInt64()).ToArray();
        Assert.Equal(rows.Count, account.GetProperty("Read").GetInt64());
        Assert.Equal(rows.Count, counts.Sum());
        Assert.Equal([bad, 0, 0], [counts[1], counts[3], counts[4]]);
        Assert.True(account.GetProperty("Completed").GetBoolean());
    }

    private static void CheckContent(EmulatedConnection connection, List<(string Key, string Value)> rows)
    {
        var expected = rows.Where(row => !row.Value.StartsWith("bad", StringComparison.Ordinal))
            .GroupBy(row => row.Key)
            .Select(group => $$"""{"user_id":"{{group.Key}}","value":"{{group.Last().Value}}"}""");
        Assert.Equal(expected.Order(StringComparer.Ordinal), connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));
    }

    private static void CheckOrder(EmulatedConnection connection)
    {
        foreach (var arrivals in connection.Arrivals.Where(arrival => arrival.Accepted).GroupBy(arrival => arrival.KeyJson))
        {
            var places = arrivals.Select(PlaceOf).ToList();
            Assert.True(places.SequenceEqual(places.Order()), $"{arrivals.Key}: {string.Join(", ", places)}");
        }
    }

    private static void CheckBatch(EmulatedConnection connection, JsonElement account)
    {
        var batch = Assert.Single(connection.Batches);
        Assert.Equal(batch.Id, account.GetProperty("BatchId").GetGuid());
        Assert.True(batch.Completed);
        Assert.Equal(batch.RequestsAfterCompletion, batch.RepeatedClosings);
    }

    // The record that completes a batch after a refused last chunk is sent once more by design.
    private static void CheckResent(EmulatedConnection connection)
    {
        var twice = connection.Arrivals.Where(arrival => arrival.Accepted).GroupBy(PlaceOf).Count(group => group.Count() > 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{twice} rows arrived twice");
        Assert.InRange(twice, 0, (ThrottleLimit * BatchSize) + 1);
    }

    private static int PlaceOf(Arrival arrival) =>
        int.Parse(JsonDocument.Parse(arrival.ValueJson!).RootElement.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);

    /// <summary>Kills the process when the chosen request is under way; whether that request still works is left to chance.</summary>
    private sealed class Killer(Random random, Moment moment)
    {
        private readonly int _wait = random.Next(1, Rows / BatchSize);
        private readonly bool _applies = random.Next(2) == 0;
        private int _seen;
        private int _killed;

        internal ImportProcess? Victim { get; set; }

        internal bool HasKilled => Volatile.Read(ref _killed) == 1;

        internal Fault? Plan(LoggedRequest request)
        {
            if (HasKilled || !IsTheMoment(request.BodyText()!) || Interlocked.Exchange(ref _killed, 1) == 1)
            {
                return null;
            }

            Victim!.Kill();
            return new Fault { ApplyFirst = moment != Moment.BeforeCompletion && _applies, NeverAnswer = true };
        }

        private bool IsTheMoment(string body)
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return moment switch
            {
                Moment.AnyRequest => Interlocked.Increment(ref _seen) == _wait,
                Moment.DuringBisection => root.GetProperty("data").GetArrayLength() < 20 && Interlocked.Increment(ref _seen) == 1 + (_wait % 8),
                _ => root.GetProperty("batch_completed").GetBoolean(),
            };
        }
    }
}
