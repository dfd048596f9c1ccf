using System.Globalization;
using OptimoveDC.Benchmarks.Rows;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>Where the allocations of a file import go, by type. Nothing is timed here: the listening would be timed too.</summary>
internal static class Profile
{
    private const int Shown = 20;

    internal static async Task<int> RunAsync(RunOptions options)
    {
        var workshop = await Workshop.OpenAsync(options).ConfigureAwait(false);
        await using (workshop.ConfigureAwait(false))
        {
            var warmUp = workshop.FileOf(options.WarmUpRecords);
            var file = workshop.FileOf(options.FileRecords);
            var worker = await workshop.StartModuleAsync().ConfigureAwait(false);
            await using (worker.ConfigureAwait(false))
            {
                await workshop.Sink.ResetAsync(new SinkSettings()).ConfigureAwait(false);
                await worker.DoAsync(new("import") { Path = warmUp.Path }).ConfigureAwait(false);
                var plain = await worker.DoAsync(new("import") { Path = file.Path }).ConfigureAwait(false);
                var watched = await worker.DoAsync(new("import") { Path = file.Path, ProfileAllocations = true }).ConfigureAwait(false);
                Write(plain, watched);
            }
        }

        return 0;
    }

    private static void Write(WorkerResult plain, WorkerResult watched)
    {
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{plain.Records:N0} records: {plain.Seconds:F3} s, {plain.CpuSeconds:F3} CPU s, {plain.AllocatedBytes:N0} bytes allocated, {(double)plain.AllocatedBytes / plain.Records:F1} a record"));
        var sampled = watched.AllocatedByType!.Values.Sum();
        foreach (var (type, bytes) in watched.AllocatedByType!.OrderByDescending(pair => pair.Value).Take(Shown))
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100.0 * bytes / sampled,5:F1} %  {bytes,14:N0}  {type}"));
        }
    }
}
