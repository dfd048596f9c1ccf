using System.Collections.Concurrent;
using System.Globalization;
using OptimoveDC.Core.Tests.Loading.Properties;

namespace OptimoveDC.Core.Tests.Reliability.Soak;

/// <summary>What came of a soak.</summary>
internal sealed class SoakReport(SoakPlan plan)
{
    private readonly List<SoakSample> _samples = [];

    internal FaultTally Tally { get; } = new();

    internal ConcurrentQueue<Failure> Failures { get; } = new();

    /// <summary>Exceptions of tasks that nobody looked at.</summary>
    internal ConcurrentQueue<Exception> Unobserved { get; } = new();

    /// <summary>Stock, as it was taken after each round.</summary>
    internal IReadOnlyList<SoakSample> Samples => _samples;

    /// <summary>Everything that is wrong, in words; empty when nothing is.</summary>
    internal IReadOnlyList<string> Faults
    {
        get
        {
            List<string> faults =
            [
                .. Failures.Select(failure => $"a load broke a rule: {failure}"),
                .. Unobserved.Select(exception => $"nobody looked at the exception of a task: {exception}"),
                .. Growth("memory", sample => sample.Memory, plan.MostMemory),
                .. Growth("handles", sample => sample.Handles, plan.MostHandles),
                .. Growth("threads", sample => sample.Threads, plan.MostHandles),
            ];
            return faults;
        }
    }

    // Warm by then: code is compiled, pools are filled.
    private List<SoakSample> Warm => _samples[(_samples.Count / 4)..];

    internal void Add(SoakSample sample) => _samples.Add(sample);

    public override string ToString()
    {
        var sum = Tally.Sum;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {sum.Loads} loads, {sum.Elapsed.TotalHours:F0} hours by their clocks; {Tally.Faults} faults of the network and the service, {Tally.Count(FaultTally.Restart)} restarts
            {sum.Requests} requests; {sum.Read} records read = {sum.Sent} sent + {sum.Rejected} rejected + {sum.Skipped} skipped + {sum.Unknown} unknown + {sum.NotSent} not sent
            memory in use {Early(sample => sample.Memory) / 1024.0:F0} KiB -> {Late(sample => sample.Memory) / 1024.0:F0} KiB, handles {Early(sample => sample.Handles)} -> {Late(sample => sample.Handles)}, threads {Early(sample => sample.Threads)} -> {Late(sample => sample.Threads)}
            {Failures.Count} loads broke a rule, {Unobserved.Count} exceptions of tasks that nobody looked at
            """);
    }

    private IEnumerable<string> Growth(string what, Func<SoakSample, long> amount, long most)
    {
        if (Late(amount) - Early(amount) is var growth && growth > most)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{what} grew by {growth}: {string.Join(", ", _samples.Select(amount))}");
        }
    }

    private long Early(Func<SoakSample, long> amount) => Median(Warm.Take(Third), amount);

    private long Late(Func<SoakSample, long> amount) => Median(Warm.TakeLast(Third), amount);

    private int Third => Math.Max(1, Warm.Count / 3);

    private static long Median(IEnumerable<SoakSample> samples, Func<SoakSample, long> amount) =>
        samples.Select(amount).Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;
}
