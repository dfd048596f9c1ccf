using System.Text;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Records;
using OptimoveDC.Core.Sync;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>What a spool gives back is what it was given, in that order, any number of times, without holding it in memory.</summary>
public sealed class RecordSpoolTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 12_345)]
    public async Task Every_record_and_every_reject_comes_back_as_it_came(int seed, int count)
    {
        var rows = Rows(seed, count).ToList();
        var expected = await ReadAsync(new RowSource(rows));
        await using var spool = new RecordSpool("test", KeyType.AsGiven);
        await spool.FillAsync(new RowSource(rows), () => false, TestContext.Current.CancellationToken);

        Assert.Equal((expected.Records.Count + expected.Rejections.Count, expected.Rejections.Count), (spool.Read, spool.Rejected));
        for (var reading = 0; reading < 2; reading++)
        {
            var found = await ReadAsync(spool.Open(["user_id", "value"], []));
            Assert.Equal(expected.Records, found.Records);
            Assert.Equal(expected.Rejections, found.Rejections);
            Assert.Equal(expected.Order, found.Order);
        }
    }

    [Fact]
    public async Task Rejects_alone_are_kept_too_and_none_is_held()
    {
        await using var spool = new RecordSpool("test", KeyType.AsGiven);
        await spool.FillAsync(new RowSource(Enumerable.Repeat(new Row("", "x"), 5_000)), () => false, TestContext.Current.CancellationToken);

        Assert.Equal(5_000, (await ReadAsync(spool.Open([], []))).Rejections.Count);
    }

    [Fact]
    public async Task The_file_is_the_users_alone_and_has_no_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The open files of a process are looked through by Linux's /proc.");
        await using var spool = new RecordSpool("test", KeyType.AsGiven);
        await spool.FillAsync(new RowSource(Rows(1, 10)), () => false, TestContext.Current.CancellationToken);

        var open = Directory.EnumerateFiles("/proc/self/fd").Where(link => new FileInfo(link).LinkTarget is { } target && target.Contains("optimove-records", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(open);
        Assert.All(open, link =>
        {
            Assert.EndsWith("(deleted)", new FileInfo(link).LinkTarget, StringComparison.Ordinal);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(link) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "optimove-records*"));
    }

    [Fact]
    public async Task Two_hundred_thousand_records_take_no_more_memory_than_a_few()
    {
        await using var spool = new RecordSpool("test", KeyType.AsGiven);
        var value = new string('x', 400);
        await spool.FillAsync(new RowSource(Enumerable.Range(0, 20_000).Select(n => new Row($"k{n}", value))), () => false, TestContext.Current.CancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await spool.FillAsync(new RowSource(Enumerable.Range(20_000, 180_000).Select(n => new Row($"k{n}", value))), () => false, TestContext.Current.CancellationToken);

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;

        // The records are 76 MB.
        Assert.InRange(growth, long.MinValue, 8L << 20);
        Assert.Equal(200_000, spool.Read);
    }

    private static IEnumerable<Row> Rows(int seed, int count)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var length = random.Next(2_000) == 0 ? 5_000_000 : random.Next(200);
            yield return random.Next(10) switch
            {
                0 => new Row("", "no key"),
                1 => new Row(number / 2, new string('ü', length)),
                _ => new Row($"k{number - random.Next(3)}", new string('x', length)),
            };
        }
    }

    private static async Task<Reading> ReadAsync(IRecordSource source)
    {
        var reading = new Reading();
        using var pool = new ChunkPool();
        var (assembler, writer) = SourceChunks.Assemble("test", KeyType.AsGiven, reading, pool);
        using (writer)
        {
            while (await source.ReadAsync(writer, TestContext.Current.CancellationToken))
            {
                reading.Take(assembler, pool);
            }

            assembler.SealRest(isDrained: true);
            reading.Take(assembler, pool);
        }

        await source.DisposeAsync();
        return reading;
    }

    private sealed class Reading : IRecordAccount
    {
        internal List<(long Line, string Key, ulong WaitHash, string Json)> Records { get; } = [];

        internal List<Rejection> Rejections { get; } = [];

        /// <summary>For each row whether it was refused, in the order of reading.</summary>
        internal List<bool> Order { get; } = [];

        public void CountRead() => Order.Add(false);

        public void Reject(Rejection rejection)
        {
            Order[^1] = true;
            Rejections.Add(rejection);
        }

        internal void Take(ChunkAssembler assembler, ChunkPool pool)
        {
            while (assembler.TryTakeSealed(out var chunk))
            {
                for (var record = 0; record < chunk.Count; record++)
                {
                    Records.Add((chunk.RecordAt(record).Line, Encoding.UTF8.GetString(chunk.KeyOf(record)), chunk.RecordAt(record).WaitHash, Encoding.UTF8.GetString(chunk.ElementOf(record))));
                }

                pool.Return(chunk);
            }
        }
    }
}
