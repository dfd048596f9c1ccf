using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Tests.Reliability;

namespace OptimoveDC.Core.Tests.Reliability.Soak;

/// <summary>
/// The soak, for as many minutes as <c>OPTIMOVE_SOAK_MINUTES</c> says, from <c>OPTIMOVE_SOAK_SEED</c> on; and a short one that
/// belongs to every run. <c>tests/OptimoveDC.Soak</c> starts the long one.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class SoakTests : IDisposable
{
    private const int DefaultMinutes = 10;
    private const int Rounds = 8;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly List<IDisposable> _leaked = [];
    private readonly List<byte[]> _memory = [];
    private readonly ManualResetEventSlim _end = new();

    /// <summary>What a soak must find.</summary>
    public enum Leak
    {
        Memory,
        Handles,
        Threads,
        Unobserved,
        BrokenRule,
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Hours_of_faults_lose_no_record_and_leave_nothing_behind()
    {
        var plan = new SoakPlan { Length = TimeSpan.FromMinutes(Setting("OPTIMOVE_SOAK_MINUTES") ?? DefaultMinutes) };
        plan = Setting("OPTIMOVE_SOAK_SEED") is { } seed ? plan with { FirstSeed = seed } : plan;

        var report = await SoakRun.RunAsync(plan, Tell, Cancelled);

        Tell($"{report}");
        Write(plan, report);
        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults));
    }

    [Fact]
    public async Task A_short_soak_finds_nothing()
    {
        var plan = new SoakPlan { Length = TimeSpan.FromSeconds(4), Rounds = 4, MostMemory = 16 << 20, MostHandles = 40 };

        var report = await SoakRun.RunAsync(plan, Tell, Cancelled);

        Tell($"{report}");
        Assert.True(report.Faults.Count == 0, string.Join('\n', report.Faults));
        Assert.True(report.Tally.Sum.Loads > 0 && report.Tally.Sum.Requests > 0 && report.Samples.Count == plan.Rounds);
    }

    [Theory]
    [InlineData(Leak.Memory, "memory grew")]
    [InlineData(Leak.Handles, "handles grew")]
    [InlineData(Leak.Threads, "threads grew")]
    [InlineData(Leak.Unobserved, "nobody looked at")]
    [InlineData(Leak.BrokenRule, "a load broke a rule")]
    public async Task A_soak_finds_what_is_left_behind(Leak leak, string expected)
    {
        var plan = new SoakPlan
        {
            Length = TimeSpan.Zero,
            Rounds = Rounds,
            AtOnce = 1,
            Settling = TimeSpan.Zero,
            RoundEnded = () => Spill(leak),
            Judge = (seed, _) => Task.FromResult(leak == Leak.BrokenRule && seed % 5 == 0
                ? new Failure(LoadCases.Of(seed), null, [new Violation("a rule", "broken")], [])
                : null),
        };

        // What earlier tests used may be given back meanwhile, once: connections are closed when they have been idle for long.
        // So much at once hides a small leak from one soak, and not from the next.
        IReadOnlyList<string> faults = [];
        for (var attempt = 1; attempt <= 3 && faults.Count == 0; attempt++)
        {
            faults = (await SoakRun.RunAsync(plan, Tell, Cancelled)).Faults;
        }

        Assert.Contains(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Contains(expected, fault, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _end.Set();
        _leaked.ForEach(leaked => leaked.Dispose());
        _end.Dispose();
    }

    private static void Tell(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Write(SoakPlan plan, SoakReport report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(ReliabilityRow.RepositoryRoot, "artifacts", "reliability"));
        var counts = new
        {
            plan.Length.TotalMinutes,
            plan.FirstSeed,
            report.Tally.Sum,
            report.Tally.Faults,
            Restarts = report.Tally.Count(FaultTally.Restart),
            Failures = report.Failures.Count,
            Unobserved = report.Unobserved.Count,
            report.Samples,
        };
        File.WriteAllText(Path.Combine(folder.FullName, "soak.json"), JsonSerializer.Serialize(counts, Indented));
    }

    private void Spill(Leak leak)
    {
        switch (leak)
        {
            case Leak.Memory:
                _memory.Add(new byte[3 << 20]);
                break;
            case Leak.Handles:
                _leaked.AddRange(Enumerable.Range(0, 6).Select(_ => File.OpenRead(typeof(SoakTests).Assembly.Location)));
                break;
            case Leak.Threads:
                foreach (var thread in Enumerable.Range(0, 6).Select(_ => new Thread(_end.Wait) { IsBackground = true }))
                {
                    thread.Start();
                }

                break;
            case Leak.Unobserved:
                FailUnseen();
                break;
        }
    }

    // Apart, so that nothing holds the task when its method is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailUnseen() => _ = Task.FromException(new InvalidOperationException("Nobody looks."));
}
