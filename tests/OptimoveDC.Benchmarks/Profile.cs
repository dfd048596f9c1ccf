using System.Globalization;
using OptimoveDC.Benchmarks.Rows;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>Where the allocations of a file import go, by type. Nothing is timed here: the listening would be timed too.</summary>
internal static class Profile
{
    private const int Shown = 15;
    private const int LongestName = 120;

    internal static async Task<int> RunAsync(RunOptions options)
    {
        var workshop = await Workshop.OpenAsync(options).ConfigureAwait(false);
        await using (workshop.ConfigureAwait(false))
        {
            var warmUp = workshop.FileOf(options.WarmUpRecords);
            var file = workshop.FileOf(options.FileRecords);
            await workshop.Sink.ResetAsync(new SinkSettings()).ConfigureAwait(false);
            foreach (var state in new[] { "first import of a process, as it is measured", "the next one, when all code has been optimised" })
            {
                var isFirst = state.StartsWith("first", StringComparison.Ordinal);
                IReadOnlyList<string> before = isFirst ? [warmUp.Path] : [warmUp.Path, file.Path, file.Path];
                Console.Out.WriteLine(state);
                Write(await ImportAsync(workshop, before, file.Path, watch: false).ConfigureAwait(false));
                WriteTypes(await ImportAsync(workshop, before, file.Path, watch: true).ConfigureAwait(false));
            }
        }

        return 0;
    }

    private static async Task<WorkerResult> ImportAsync(Workshop workshop, IEnumerable<string> before, string path, bool watch)
    {
        var worker = await workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            foreach (var earlier in before)
            {
                await worker.DoAsync(new("import") { Path = earlier }).ConfigureAwait(false);
            }

            return await worker.DoAsync(new("import") { Path = path, ProfileAllocations = watch }).ConfigureAwait(false);
        }
    }

    private static void Write(WorkerResult result) => Console.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Records:N0} records: {result.Seconds:F3} s, {result.CpuSeconds:F3} CPU s, {result.AllocatedBytes:N0} bytes allocated, {(double)result.AllocatedBytes / result.Records:F1} a record"));

    private static void WriteTypes(WorkerResult watched)
    {
        var sampled = watched.AllocatedByType!.Values.Sum();
        foreach (var (type, bytes) in watched.AllocatedByType!.OrderByDescending(pair => pair.Value).Take(Shown))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100.0 * bytes / sampled,5:F1} %  {bytes,14:N0}  {Shorten(type)}"));
        }
    }

    private static string Shorten(string type) => type.Length <= LongestName ? type : string.Concat(type.AsSpan(0, LongestName), "…");
}
