using System.Collections.Concurrent;
using System.Globalization;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>
/// Files and answers changed at random, from seeds: to try more of them set <c>OPTIMOVE_FUZZ_INPUTS</c> to their number (200000
/// is the soak), to try one again set <c>OPTIMOVE_FUZZ_SEED</c> to its own.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class FuzzTests
{
    private const int Inputs = 5000;
    private const int AtOnce = 4;
    private const double ShareOfFiles = 0.7;
    private const double ShareOfAnswers = 0.3;

    // An emulator keeps what it saw; a fresh one now and then keeps that small.
    private const int InputsOfAnEmulator = 100;

    /// <summary>For the table of docs/reliability.md: how many of each are tried in a normal run.</summary>
    internal static int Tried(string what) => (int)(Inputs * (what.StartsWith("Files", StringComparison.Ordinal) ? ShareOfFiles : ShareOfAnswers));

    [Fact]
    public async Task Every_changed_file_is_imported_as_witnesses_read_it_or_refused_with_its_line_and_reason()
    {
        var results = new ConcurrentBag<TrialResult>();
        var failures = new ConcurrentBag<(int Seed, string Text)>();
        var seeds = Seeds(ShareOfFiles);
        await Parallel.ForEachAsync(
            seeds.Chunk(InputsOfAnEmulator),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (some, _) =>
            {
                await using var account = EmulatedAccount.Open();
                foreach (var seed in some)
                {
                    var input = FuzzInput.Of(seed);
                    try
                    {
                        results.Add(await SourceTrial.RunAsync(account, input));
                    }
                    catch (Exception exception) when (exception is not OperationCanceledException)
                    {
                        failures.Add((seed, $"seed {seed}: {exception.GetType().Name}: {exception.Message}\n{input}\n{exception.StackTrace}"));
                    }
                }
            });
        Report(failures, seeds.Count);

        var counts = Enum.GetValues<TrialResult>().ToDictionary(result => result, result => results.Count(seen => seen.HasFlag(result)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{results.Count} files: {string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"))}");
        if (seeds.Count > 1)
        {
            // A trial in which nothing is read, refused or compared would show nothing.
            Assert.True(counts[TrialResult.Witnessed] > results.Count / 2 && counts[TrialResult.Refused] > results.Count / 10 && counts[TrialResult.Rejected] > results.Count / 10, "Too little was compared.");
            Assert.True(counts[TrialResult.Arrived] > results.Count / 5 && counts[TrialResult.LibraryAgreed] > results.Count / 20, "Too little arrived.");
        }
    }

    [Fact]
    public void Every_changed_body_of_an_answer_is_read_without_an_exception_a_secret_or_a_record_it_does_not_name()
    {
        var failures = new ConcurrentBag<(int Seed, string Text)>();
        var seeds = Seeds(ShareOfAnswers);
        var (read, named) = (0, 0);
        using var trial = new ReplyTrial();
        foreach (var seed in seeds)
        {
            var random = new Random(seed);
            var mutation = new Mutation(random);
            var body = FuzzCorpus.Replies[random.Next(FuzzCorpus.Replies.Count)];
            var bytes = random.Next(2) == 0 ? mutation.Change(body, FuzzCorpus.Replies) : mutation.ChangeValues(body);
            try
            {
                var (isJson, namesRecords) = trial.Run(bytes);
                read += isJson ? 1 : 0;
                named += namesRecords ? 1 : 0;
            }
            catch (Exception exception)
            {
                failures.Add((seed, $"seed {seed}: {exception.GetType().Name}: {exception.Message}\n{System.Text.Json.JsonSerializer.Serialize(System.Text.Encoding.Latin1.GetString(bytes))}\n{exception.StackTrace}"));
            }
        }

        Report(failures, seeds.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds.Count} bodies: {read} were JSON, {named} named records");
        Assert.True(seeds.Count == 1 || (read > seeds.Count / 10 && named > seeds.Count / 50), "Too little was compared.");
    }

    private static IReadOnlyList<int> Seeds(double share)
    {
        if (Setting("OPTIMOVE_FUZZ_SEED") is { } only)
        {
            return [only];
        }

        return [.. Enumerable.Range(1, (int)((Setting("OPTIMOVE_FUZZ_INPUTS") ?? Inputs) * share))];
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Report(ConcurrentBag<(int Seed, string Text)> failures, int count)
    {
        const int Shown = 5;
        if (!failures.IsEmpty)
        {
            Assert.Fail($"{failures.Count} of {count} failed: seeds {string.Join(' ', failures.Select(failure => failure.Seed).Order().Take(100))}\n\n{string.Join("\n\n", failures.OrderBy(failure => failure.Seed).Take(Shown).Select(failure => failure.Text))}");
        }
    }
}
