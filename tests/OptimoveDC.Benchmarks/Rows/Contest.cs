using System.Globalization;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Reports;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>
/// Lets contenders do the same work in turn (A B C A B C …), each run in a fresh process, and holds every run to the
/// one that was verified record by record.
/// </summary>
internal sealed class Contest(Workshop workshop, string title)
{
    private readonly Dictionary<string, SinkTally> _verified = [];
    private readonly Dictionary<string, List<WorkerResult>> _results = [];

    /// <summary>The results of a contender, in the order of the rounds.</summary>
    internal IReadOnlyList<WorkerResult> this[string name] => _results[name];

    /// <summary>Runs a contender once, untimed, and checks what arrived against what was generated.</summary>
    /// <param name="contender">Who.</param>
    /// <param name="expected">What has to arrive.</param>
    /// <param name="keepFolder">Where the bodies are kept; null to drop them.</param>
    /// <exception cref="InvalidOperationException">A record was lost, doubled or changed.</exception>
    internal async Task VerifyAsync(Contender contender, Expectation expected, string? keepFolder = null)
    {
        Workshop.Say($"{title}: verifying {contender.Name}");
        await RunOnceAsync(contender, new SinkSettings { Verify = true, KeepFolder = keepFolder }).ConfigureAwait(false);
        var tally = await workshop.Sink.TallyAsync().ConfigureAwait(false);
        Check(contender.Name, tally, expected);
        _verified[contender.Name] = tally;
    }

    /// <summary>Lets all run in turn.</summary>
    internal async Task RunAsync(IReadOnlyList<Contender> contenders, int rounds, SinkSettings? settings = null)
    {
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var result = await RunOnceAsync(contender, settings ?? new SinkSettings()).ConfigureAwait(false);
                if (contender.Sends)
                {
                    CheckSame(contender.Name, await workshop.Sink.TallyAsync().ConfigureAwait(false), _verified[contender.Name]);
                }

                Workshop.Say(string.Create(CultureInfo.InvariantCulture, $"{title}: round {round} of {rounds}, {contender.Name}: {result.Seconds:F3} s"));
                if (!_results.TryGetValue(contender.Name, out var results))
                {
                    _results.Add(contender.Name, results = []);
                }

                results.Add(result);
            }
        }
    }

    /// <summary>One value for each round, from two contenders who ran in it one after the other.</summary>
    internal IEnumerable<double> Compare(string one, string other, Func<WorkerResult, WorkerResult, double> value) =>
        _results[one].Zip(_results[other], value);

    internal double Median(string name, Func<WorkerResult, double> value) => Statistics.Median(_results[name].Select(value));

    /// <exception cref="InvalidOperationException">What arrived is not what was generated.</exception>
    internal static void Check(string name, SinkTally tally, Expectation expected)
    {
        var arrived = new Expectation(tally.ParsedRecords, tally.KeySum, tally.RecordSum);
        if (arrived != expected || tally.Records != expected.Records)
        {
            throw new InvalidOperationException($"What {name} sent is not what was generated: {arrived} and {tally.Records} by count, instead of {expected}.");
        }
    }

    /// <summary>Holds a timed run, which is not parsed, to the verified one: the same requests, records and bytes.</summary>
    /// <exception cref="InvalidOperationException">It sent something else.</exception>
    internal static void CheckSame(string name, SinkTally tally, SinkTally verified)
    {
        if ((tally.Requests, tally.Records, tally.Bytes) != (verified.Requests, verified.Records, verified.Bytes))
        {
            throw new InvalidOperationException(
                $"A timed run of {name} sent {tally.Requests} requests, {tally.Records} records and {tally.Bytes} bytes; the verified one {verified.Requests}, {verified.Records} and {verified.Bytes}.");
        }
    }

    private async Task<WorkerResult> RunOnceAsync(Contender contender, SinkSettings settings)
    {
        await workshop.Sink.ResetAsync(new SinkSettings()).ConfigureAwait(false);
        var worker = await contender.StartAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            foreach (var command in contender.Preparation)
            {
                await worker.DoAsync(command).ConfigureAwait(false);
            }

            await workshop.Sink.ResetAsync(settings).ConfigureAwait(false);
            return await worker.DoAsync(contender.Work).ConfigureAwait(false);
        }
    }
}
