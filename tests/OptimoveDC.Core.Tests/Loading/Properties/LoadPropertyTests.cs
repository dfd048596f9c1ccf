using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>
/// The engine against a service and a network where anything may go wrong. Each case is drawn from a seed: to run one again,
/// set <c>OPTIMOVE_LOAD_SEED</c> to its number; to run more of them set <c>OPTIMOVE_LOAD_CASES</c>, and with both that many
/// from the seed on.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class LoadPropertyTests
{
    private const int Cases = 1000;
    private const int FirstSeed = 1;
    private const int AtOnce = 6;
    private const int ShownInFull = 8;

    [Fact]
    public async Task Whatever_goes_wrong_every_record_is_accounted_for_and_no_key_falls_back()
    {
        var output = TestContext.Current.TestOutputHelper;
        var tally = new FaultTally();
        var failures = new ConcurrentBag<Failure>();
        var only = Setting("OPTIMOVE_LOAD_SEED");
        var count = Setting("OPTIMOVE_LOAD_CASES") ?? (only is null ? Cases : 1);
        var seeds = Enumerable.Range(only ?? FirstSeed, count);
        await Parallel.ForEachAsync(
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, _) =>
            {
                if (await CaseRun.JudgeAsync(LoadCases.Of(seed), tally) is { } failure)
                {
                    failures.Add(failure);
                }
            });

        output?.WriteLine($"{tally}");
        if (!failures.IsEmpty)
        {
            Assert.Fail(await ReportAsync([.. failures.OrderBy(failure => failure.Case.Seed)]));
        }

        if (count >= Cases)
        {
            Assert.True(!tally.Missing().Any(), $"Never happened: {string.Join(", ", tally.Missing())}\n{tally}");
        }
    }

    /// <summary>How many cases the normal run has.</summary>
    internal static int Tried(string _) => Cases;

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<string> ReportAsync(List<Failure> failures)
    {
        var text = new StringBuilder($"{failures.Count} cases failed.\n");
        foreach (var group in failures.SelectMany(failure => failure.Violations.Select(violation => (violation.Rule, failure.Case.Seed))).GroupBy(pair => pair.Rule))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {group.Key}: seeds {string.Join(' ', group.Select(pair => pair.Seed).Distinct().Order())}");
        }

        // One of each kind of failure, made as small as it will go.
        foreach (var failure in failures.DistinctBy(failure => failure.Violations[0].Rule).Take(ShownInFull))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\n=== seed {failure.Case.Seed}, reduced: {failure.Rules}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{await Reduction.OfAsync(failure)}");
        }

        return text.ToString();
    }
}
