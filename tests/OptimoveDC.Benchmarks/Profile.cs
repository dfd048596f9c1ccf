using System.Globalization;
using OptimoveDC.Benchmarks.Rows;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>
/// Where time and allocations of an import go: processor time, compiling, garbage collection, and what is allocated,
/// by type. The types come from a run of their own, for the listening would be timed too.
/// </summary>
internal static class Profile
{
    private const int Shown = 12;
    private const int LongestName = 100;

    internal static async Task<int> RunAsync(RunOptions options)
    {
        var workshop = await Workshop.OpenAsync(options).ConfigureAwait(false);
        await using (workshop.ConfigureAwait(false))
        {
            var warmUp = new WorkerCommand("import") { Path = workshop.FileOf(options.WarmUpRecords).Path };
            var file = new WorkerCommand("import") { Path = workshop.FileOf(options.FileRecords).Path };
            var objects = new WorkerCommand("pipe-import") { Count = options.ObjectRecords };
            await ShowAsync(workshop, "A file, the first import of a process, as the benchmark measures it", [warmUp], file).ConfigureAwait(false);
            await ShowAsync(workshop, "A file, when all code has been optimised", [warmUp, file, file], file).ConfigureAwait(false);
            await ShowAsync(workshop, "Objects, when all code has been optimised", [objects, objects], objects).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task ShowAsync(Workshop workshop, string title, IReadOnlyList<WorkerCommand> before, WorkerCommand work)
    {
        Console.Out.WriteLine(title);
        var plain = await RunAsync(workshop, before, work).ConfigureAwait(false);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {plain.Records:N0} records in {plain.Seconds:F3} s: {plain.CpuSeconds:F3} s of processor time; compiling {plain.JitMethods} methods {plain.JitSeconds:F3} s; {plain.Collections} collections, paused {plain.PauseSeconds:F3} s; {(double)plain.AllocatedBytes / plain.Records:F1} bytes a record"));
        var watched = await RunAsync(workshop, before, work with { ProfileAllocations = true }).ConfigureAwait(false);
        var sampled = watched.AllocatedByType!.Values.Sum();
        foreach (var (type, bytes) in watched.AllocatedByType!.OrderByDescending(pair => pair.Value).Take(Shown))
        {
            var name = type.Length <= LongestName ? type : string.Concat(type.AsSpan(0, LongestName), "…");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {100.0 * bytes / sampled,5:F1} %  {name}"));
        }
    }

    private static async Task<WorkerResult> RunAsync(Workshop workshop, IReadOnlyList<WorkerCommand> before, WorkerCommand work)
    {
        await workshop.Sink.ResetAsync(new SinkSettings()).ConfigureAwait(false);
        var worker = await workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            foreach (var command in before)
            {
                await PrepareAsync(worker, command).ConfigureAwait(false);
                await worker.DoAsync(command).ConfigureAwait(false);
            }

            await PrepareAsync(worker, work).ConfigureAwait(false);
            return await worker.DoAsync(work).ConfigureAwait(false);
        }
    }

    // Objects are made anew for every pipeline, as in the benchmark.
    private static async Task PrepareAsync(WorkerProcess worker, WorkerCommand command)
    {
        if (command.Path is null)
        {
            await worker.DoAsync(new("hold") { Count = command.Count }).ConfigureAwait(false);
        }
    }
}
