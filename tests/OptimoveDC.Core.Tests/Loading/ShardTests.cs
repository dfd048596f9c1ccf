using System.Globalization;
using System.Text;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Loading.Shards;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading;

/// <summary>Several loads that each take their share of a source are one load to the service and to the account.</summary>
public sealed class ShardTests
{
    private const int Shards = 4;

    // By the reference implementation of XXH3 in C. A change of these would send a key by two machines at once.
    [Theory]
    [InlineData("\"0000042\"", 0x85258e4214c53c02UL)]
    [InlineData("\"1\"", 0x65cd25028f98f158UL)]
    [InlineData("1.0", 0x65cd25028f98f158UL)]
    [InlineData("54490", 0x753fedbefe0750a9UL)]
    [InlineData("-5", 0xfff97459844e92f0UL)]
    [InlineData("\"Köln\"", 0x3ce872f0477464b0UL)]
    [InlineData("\"\\ud83d\\ude00\"", 0x0b4fecf421a0808eUL)]
    [InlineData("\"customer-7b1c3f62-2b7e-4a53-9d5e-3f1f0c2a9e11@example.org\"", 0xcc359975329430deUL)]
    public void Every_version_puts_a_key_in_the_same_shard(string keyJson, ulong hash) =>
        Assert.Equal(hash, Shard.HashOf(Encoding.UTF8.GetBytes(keyJson)));

    [Theory]
    [InlineData("1", "\"1\"", "1.0", "\"1.0\"", "1e0", "10e-1", "\"\\u0031\"")]
    [InlineData("0", "-0", "\"0\"", "0.0", "\"-0\"")]
    [InlineData("\"Köln\"", "\"K\\u00f6ln\"")]
    [InlineData("\"😀\"", "\"\\ud83d\\ude00\"")]
    [InlineData("\"a\\\"b\"", "\"a\\u0022b\"")]
    public void Spellings_of_one_key_fall_in_the_same_shard(params string[] spellings) =>
        Assert.Single(spellings.Select(spelling => Shard.HashOf(Encoding.UTF8.GetBytes(spelling))).Distinct());

    [Theory]
    [InlineData("1", "\"01\"")]
    [InlineData("\"1.0.0\"", "\"1.0\"")]
    [InlineData("\"a\"", "\"A\"")]
    public void Different_keys_have_different_hashes(string one, string other) =>
        Assert.NotEqual(Shard.HashOf(Encoding.UTF8.GetBytes(one)), Shard.HashOf(Encoding.UTF8.GetBytes(other)));

    // What waits for each other within a load must be on one machine when there are several.
    [Fact]
    public void Keys_that_wait_for_each_other_fall_in_the_same_shard()
    {
        string[] texts = ["7", "007", "7.0", "7e0", "70e-1", "-0", "0", "1e400", "0.1e1", "A", "Straße", "12345678901234567890123", "1E2", "100", "100.00"];
        var keys = new[] { KeyType.AsGiven, KeyType.Number }.SelectMany(type => texts
            .Where(text => type == KeyType.AsGiven || JsonNumber.IsValid(text))
            .Select(text =>
            {
                var key = new RecordKey(type);
                Assert.Null(key.SetText(text));
                return (key.WaitHash, Shard: Shard.HashOf(key.Json));
            })).ToList();

        Assert.All(keys.GroupBy(key => key.WaitHash), alike => Assert.Single(alike.Select(key => key.Shard).Distinct()));
        Assert.Equal(keys.Select(key => key.WaitHash).Distinct().Count(), keys.Select(key => key.Shard).Distinct().Count());
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(4, 4)]
    [InlineData(0, 0)]
    public void A_shard_that_is_none_is_refused(int index, int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(index, count));

    [Fact]
    public void Keys_are_spread_evenly()
    {
        var sizes = Enumerable.Range(0, 80_000)
            .Select(n => Shard.HashOf(Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture))) % 8)
            .GroupBy(shard => shard)
            .ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal(8, sizes.Count);
        Assert.All(sizes, size => Assert.InRange(size.Value, 9_700, 10_300));
    }

    [Fact]
    public async Task The_accounts_of_all_shards_add_up_to_that_of_one_load_and_so_does_what_arrived()
    {
        Row[] rows =
        [
            .. Enumerable.Range(0, 400).Select(n => n switch
            {
                _ when n % 50 == 7 => new Row("", "no key"),
                _ when n % 90 == 8 => new Row($"bad {n}", "bad"),
                _ when n % 3 == 0 => new Row(n, $"number {n}"),
                _ => new Row(n % 7 == 0 ? $"{n - 4}" : $"{n}", $"text {n}"),
            }),
        ];
        static EmulatorOptions Options() => new() { RejectRecord = record => record.GetProperty("value").GetString() == "bad" };
        await using var alone = EmulatedAccount.Open(Options());
        var whole = await alone.LoadAsync(alone.UploadPlan(batchSize: 10), rows);
        await using var account = EmulatedAccount.Open(Options());
        var plan = account.UploadPlan(batchSize: 10);
        var parts = new List<LoadReport>();
        for (var shard = 0; shard < Shards; shard++)
        {
            parts.Add(await account.LoadAsync(PlanOf(plan, shard), rows));
        }

        Assert.All(parts, part => Assert.Null(part.Failure));
        Assert.All(parts, part => Assert.Equal(400, part.Result.Read + part.Result.PassedOver));
        Assert.All(parts, part => Assert.True(part.Result.Read is > 50 and < 200));
        Assert.Equal([false, false, false, true], parts.Select(part => part.Result.Completed));
        Assert.Equal(400, parts.Sum(part => part.Result.Read));
        Assert.Equal(whole.Result.Sent + whole.Result.Skipped, parts.Sum(part => part.Result.Sent + part.Result.Skipped));
        Assert.Equal(whole.Rejections.Select(rejection => rejection.Line).Order(), parts.SelectMany(part => part.Rejections).Select(rejection => rejection.Line).Order());
        Assert.Equal(8, parts[0].Rejections.Count(rejection => rejection.Fault == RecordFault.KeyBlank));
        Assert.True(Assert.Single(account.Connection.Batches).Completed);
        Assert.Equal(
            alone.Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal),
            account.Connection.Records.Select(record => record.Json).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_reported_by_the_shard_of_its_key_and_no_other()
    {
        await using var account = EmulatedAccount.Open();
        var plan = account.UploadPlan();
        var layout = new Core.Records.Files.FileLayout { KeyProperty = "user_id", ColumnTypes = new Dictionary<string, ColumnType> { ["amount"] = ColumnType.Number } };
        var file = Encoding.UTF8.GetBytes("user_id,amount\n" + string.Concat(Enumerable.Range(0, 40).Select(n => $"k{n},{(n % 5 == 0 ? "much" : "1")}\n")) + "k41,1,2\n");
        var rejected = new List<(int Shard, string? Key)>();
        for (var shard = 0; shard < Shards; shard++)
        {
            var report = await account.LoadCsvAsync(file, layout, PlanOf(plan, shard));
            rejected.AddRange(report.Rejections.Select(rejection => (shard, rejection.PrimaryKey)));
        }

        Assert.Equal(9, rejected.Count);
        Assert.Equal(0, rejected.Single(item => item.Key is null).Shard);
        Assert.All(rejected.Where(item => item.Key is not null), item => Assert.True(new Shard(item.Shard, Shards).Owns(Encoding.UTF8.GetBytes(item.Key!))));
        Assert.True(rejected.Select(item => item.Shard).Distinct().Count() > 1);
    }

    internal static LoadPlan PlanOf(LoadPlan plan, int index, int count = Shards) =>
        plan with { Shard = new Shard(index, count), KeepBatchOpen = index < count - 1 };
}
