using FsCheck;
using FsCheck.Fluent;
using OptimoveDC.Core.Loading;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Draws cases. The same seed draws the same case.</summary>
internal static class LoadCases
{
    private const int MostRows = 120;

    private static readonly Gen<LoadCase> Cases =
        from load in Loads
        from rows in Rows(load.BatchSize, load.Operation)
        from present in Present(rows, load.Operation)
        select load with { Rows = rows, Present = present };

    internal static LoadCase Of(int seed) => Cases.Sample(1, new Rnd(unchecked((ulong)seed * 0x9E3779B97F4A7C15UL)), 100).Single() with { Seed = seed };

    private static Gen<LoadCase> Loads =>
        from operation in Gen.Elements(LoadOperation.Upload, LoadOperation.Update, LoadOperation.Delete)
        from batchSize in Gen.Frequency((1, Gen.Constant(1)), (2, Gen.Choose(2, 5)), (5, Gen.Choose(3, 20)), (1, Gen.Choose(21, 60)))
        from maxChunkBytes in Gen.Frequency((6, Gen.Constant(1 << 20)), (1, Gen.Choose(200, 1000)))
        from throttle in Gen.Choose(1, 8)
        from attempts in Gen.Frequency((3, Gen.Constant(8)), (2, Gen.Choose(2, 7)))
        from maxReject in Gen.Frequency((8, Gen.Constant(1000)), (1, Gen.Choose(0, 5)))
        from isolation in Gen.Frequency((12, Gen.Constant(LoadPlan.DefaultMaxIsolationRequests)), (1, Gen.Choose(2, 12)))
        from keepOpen in Gen.Frequency((15, Gen.Constant(false)), (1, Gen.Constant(true)))
        from stopAfter in Gen.Frequency<int?>((15, Gen.Constant<int?>(null)), (1, Gen.Choose(1, 20).Select(count => (int?)count)))
        from weather in Gen.Frequency(
            (1, Gen.Constant((0, 0))),
            (4, Gen.Choose(2, 12).Two().Select(pair => (pair.Item1, pair.Item2))),
            (4, Gen.Choose(10, 25).Two().Select(pair => (pair.Item1, pair.Item2))),
            (2, Gen.Choose(30, 50).Two().Select(pair => (pair.Item1, pair.Item2))))
        from slow in Gen.Elements(0, 10, 40, 80)
        from limit in Gen.Frequency<RateLimit?>(
            (6, Gen.Constant<RateLimit?>(null)),
            (1, Gen.Choose(2, 10).Select(count => (RateLimit?)new SlidingWindow(count, TimeSpan.FromSeconds(10)))),
            (1, Gen.Choose(2, 10).Select(count => (RateLimit?)new FixedWindow(count, TimeSpan.FromSeconds(10)))),
            (1, Gen.Choose(2, 10).Select(count => (RateLimit?)new TokenBucket(count, 1, TimeSpan.FromSeconds(1)))))
        from form in Gen.Elements(Enum.GetValues<RetryAfterForm>())
        from sendRetryAfter in Gen.Elements(true, true, false)
        from sendHeaders in Gen.Elements(true, false)
        from scope in Gen.Elements(Enum.GetValues<BadRequestScope>())
        from absentDelete in Gen.Elements(Enum.GetValues<AbsentDelete>())
        from absentUpdate in Gen.Elements(Enum.GetValues<AbsentUpdate>())
        from identity in Gen.Elements(Enum.GetValues<KeyIdentity>())
        from shape in Gen.Elements(Enum.GetValues<ErrorBodyShape>())
        from named in Gen.Elements(true, false)
        from answer in Gen.Elements(Enum.GetValues<UploadResponseShape>())
        from status in Gen.Elements(400, 400, 422)
        from restartAt in Gen.Frequency<int?>((11, Gen.Constant<int?>(null)), (1, Gen.Choose(2, 20).Select(count => (int?)count)))
        select new LoadCase
        {
            Seed = 0,
            Rows = [],
            Present = new HashSet<CaseKey>(),
            Operation = operation,
            BatchSize = batchSize,
            MaxChunkBytes = maxChunkBytes,
            ThrottleLimit = throttle,
            MaxAttempts = attempts,
            MaxReject = maxReject,
            MaxIsolationRequests = isolation,
            KeepBatchOpen = keepOpen && operation == LoadOperation.Upload,
            StopAfter = stopAfter,
            RestartAt = restartAt,
            ConnectionFaults = weather.Item1,
            ServiceFaults = weather.Item2,
            Slow = slow,
            RateLimit = limit,
            RetryAfterForm = form,
            SendRetryAfter = sendRetryAfter,
            SendRateLimitHeaders = sendHeaders,
            BadRequestScope = scope,
            AbsentDelete = absentDelete,
            AbsentUpdate = absentUpdate,
            KeyIdentity = identity,
            ErrorBodyShape = shape,
            NameBadKeysStructurally = named,
            UploadResponseShape = answer,
            BadRequestStatus = status,
        };

    // A row is a key seen before or a new one; both in any spelling.
    private static Gen<IReadOnlyList<CaseRow>> Rows(int batchSize, LoadOperation operation) =>
        from chunks in Gen.Choose(1, 12)
        from missing in Gen.Choose(0, batchSize - 1)
        from repeated in Gen.Choose(15, 60)
        from refused in Gen.Elements(0, 0, 3, 10, 40)
        let count = Math.Min(MostRows, (chunks * batchSize) - missing)
        from draws in Draws.ArrayOf(count)
        select (IReadOnlyList<CaseRow>)Assemble(draws, batchSize, repeated, refused, operation);

    private static Gen<Draw> Draws =>
        from repeats in Gen.Choose(0, 99)
        from refused in Gen.Choose(0, 99)
        from place in Gen.Choose(0, 9999)
        from spelling in Gen.Choose(0, 99)
        from padding in Gen.Choose(0, 60)
        select new Draw(repeats, refused, place, spelling, padding);

    private static Gen<IReadOnlySet<CaseKey>> Present(IReadOnlyList<CaseRow> rows, LoadOperation operation) =>
        from share in operation == LoadOperation.Upload ? Gen.Elements(0, 30) : Gen.Elements(100, 80, 40)
        from draws in Gen.Choose(0, 99).ArrayOf(rows.Count)
        select (IReadOnlySet<CaseKey>)rows.Where((row, at) => row.Key.IsUsable && draws[at] < share).Select(row => row.Key).ToHashSet();

    private static List<CaseRow> Assemble(Draw[] draws, int batchSize, int repeated, int refused, LoadOperation operation)
    {
        var rows = new List<CaseRow>();
        var committed = 0;
        var acrossChunks = 0;
        foreach (var draw in draws)
        {
            // Rows of the chunks before this one; chunks are counted in rows that have a key.
            var before = rows.Where(row => row.Key.IsUsable).Take(committed / batchSize * batchSize).ToList();
            var must = before.Count > 0 && acrossChunks * 8 < rows.Count + 1;
            CaseKey key;
            if (must || (draw.Repeats < repeated && rows.Count > 0))
            {
                var pool = before.Count > 0 && (must || draw.Place % 4 != 0) ? before : rows;
                var earlier = pool[draw.Place % pool.Count].Key;
                key = !must && draw.Spelling < 25 && earlier.Form <= KeyForm.Decimal ? earlier with { Form = (KeyForm)(draw.Spelling % 3) } : earlier;
                acrossChunks += before.Any(row => row.Key == key) ? 1 : 0;
            }
            else
            {
                key = new CaseKey(rows.Count, draw.Spelling switch
                {
                    < 40 => KeyForm.Text,
                    < 75 => KeyForm.Number,
                    < 78 => KeyForm.Decimal,
                    < 96 => draw.Refused < refused && operation == LoadOperation.Delete ? KeyForm.RefusedWord : KeyForm.Word,
                    _ => KeyForm.None,
                });
            }

            rows.Add(new CaseRow(rows.Count, key, operation != LoadOperation.Delete && draw.Refused < refused, draw.Padding));
            committed += key.IsUsable ? 1 : 0;
        }

        return rows;
    }

    /// <summary>What a row is made of.</summary>
    private sealed record Draw(int Repeats, int Refused, int Place, int Spelling, int Padding);
}
