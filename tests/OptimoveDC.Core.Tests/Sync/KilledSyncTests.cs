using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>A sync is killed at a random moment. The state never claims what isn't so, and the next sync mends everything.</summary>
public sealed class KilledSyncTests
{
    private const int BatchSize = 40;
    private const int DeleteBatchSize = 10;
    private const int Customers = 2000;

    /// <summary>When the process dies.</summary>
    public enum Moment
    {
        AnyTime,
        AfterComparing,
        OpenBatch,
        Closing,
        Deleting,
    }

    public static TheoryData<int, Moment> Cases() => new(Enumerable.Range(1, 20).Select(seed => (seed, (Moment)(seed % 5))));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_state_claims_nothing_that_is_not_so_and_the_next_sync_mends_everything(int seed, Moment moment)
    {
        var random = new Random(seed);
        var killer = new Killer(random, moment);
        await using var file = new SyncedFile(new EmulatorOptions
        {
            Latency = TimeSpan.FromMilliseconds(2),
            AbsentDelete = random.Next(2) == 0 ? AbsentDelete.BadRequest : AbsentDelete.ShortCount,
            FaultPlan = killer.Plan,
        });
        var yesterday = Enumerable.Range(0, Customers).Select(number => ($"c{number:D5}", "old")).ToList();

        // One in four dies in its first sync, when there is nothing to delete yet.
        var isFirst = moment != Moment.Deleting && random.Next(4) == 0;
        if (!isFirst)
        {
            file.Write(yesterday);
            Assert.True((await file.SyncAsync()).Result.Completed);
        }

        var today = Change(yesterday, random);
        file.Write(today);
        using (var process = SyncProcess.Start(file, BatchSize, DeleteBatchSize, killer.Hear))
        {
            killer.Victim = process;
            var exitCode = await process.EndAsync();
            Assert.True(killer.HasKilled || (moment == Moment.AnyTime && exitCode == 0));
        }

        file.AssertClaimsAreTrue();
        if (moment is Moment.OpenBatch)
        {
            Assert.Contains(file.Connection.Batches, batch => !batch.Completed);
        }

        // Half of them find yesterday's values again: what was under way unheard must not be missed for that.
        var next = random.Next(2) == 0 ? today : yesterday;
        file.Write(next);
        var mended = await file.SyncAsync(plan => plan with { DeleteMissing = true, MaxDeletePercent = 10 });

        Assert.Null(mended.Failure);
        Assert.True(mended.Result.Completed);
        Assert.Empty(mended.DeleteRejections);
        file.AssertHolds(next);
        file.AssertClaimsAreTrue();
        Assert.Equal(next.Count, file.Claims().Count);
        await file.SyncAsync(plan => plan with { DeleteMissing = true });
        Assert.Empty(file.Requests);
    }

    // A tenth changed, a twentieth new, a fortieth gone.
    private static List<(string, string)> Change(List<(string Key, string Value)> rows, Random random)
    {
        var changed = new List<(string, string)>();
        foreach (var row in rows)
        {
            switch (random.Next(40))
            {
                case 0:
                    break;
                case < 5:
                    changed.Add((row.Key, "changed"));
                    break;
                case < 7:
                    changed.Add(row);
                    changed.Add(("n" + row.Key, "new"));
                    break;
                default:
                    changed.Add(row);
                    break;
            }
        }

        return changed;
    }

    /// <summary>Kills the process at the chosen moment; whether a request that is under way then still works is left to chance.</summary>
    private sealed class Killer(Random random, Moment moment)
    {
        private readonly int _wait = random.Next(1, 5);
        private readonly TimeSpan _delay = TimeSpan.FromMilliseconds(random.Next(0, 250));
        private readonly bool _applies = random.Next(2) == 0;
        private int _seen;
        private int _killed;

        internal SyncProcess? Victim { get; set; }

        internal bool HasKilled => Volatile.Read(ref _killed) == 1;

        internal void Hear(string line)
        {
            if (line == "compared" && moment == Moment.AfterComparing)
            {
                Kill();
            }
            else if (line == "opened" && moment == Moment.AnyTime)
            {
                _ = Task.Delay(_delay).ContinueWith(_ => Kill(), TaskScheduler.Default);
            }
        }

        internal Fault? Plan(LoggedRequest request)
        {
            if (Victim is null || HasKilled || !IsTheMoment(request))
            {
                return null;
            }

            Kill();
            return new Fault { ApplyFirst = _applies, NeverAnswer = true };
        }

        private void Kill()
        {
            if (Interlocked.Exchange(ref _killed, 1) == 0)
            {
                Victim!.Kill();
            }
        }

        private bool IsTheMoment(LoggedRequest request)
        {
            if (request.Path.EndsWith("delete_data", StringComparison.Ordinal))
            {
                return moment == Moment.Deleting && Interlocked.Increment(ref _seen) == _wait;
            }

            using var document = JsonDocument.Parse(request.BodyText()!);
            var closes = document.RootElement.GetProperty("batch_completed").GetBoolean();
            return moment switch
            {
                Moment.OpenBatch => !closes && Interlocked.Increment(ref _seen) == _wait,
                Moment.Closing => closes,
                _ => false,
            };
        }
    }
}
