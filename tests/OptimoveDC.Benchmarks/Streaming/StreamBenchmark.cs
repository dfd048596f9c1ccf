using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OptimoveDC.Benchmarks.Rows;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Streaming;

/// <summary>
/// Whether memory stays flat when the source is larger than any memory: the packaged module imports a named pipe that is fed
/// as it reads, and then one of a tenth of the size, each in a process of its own.
/// </summary>
internal static class StreamBenchmark
{
    internal const string Usage = "dotnet run -c Release --project tests/OptimoveDC.Benchmarks -- stream [--gigabytes n]";

    private const double DefaultGigabytes = 5;
    private const double Target = 1.10;
    private const double Gigabyte = 1e9;
    private const double Megabyte = 1e6;

    // The keys of the generator are used up beyond this.
    private const double MostGigabytes = 9;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <returns>0 when memory was flat and every record arrived; 1 when not; 2 for a wrong command line.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (!TryParse(arguments, out var gigabytes))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (OperatingSystem.IsWindows())
        {
            Console.Error.WriteLine("Windows has no named pipes in its file system: there is nothing to measure here.");
            return 2;
        }

        var load = MachineLoad.Describe();
        StreamRun tenth, whole;
        var workshop = await Workshop.OpenAsync(new RunOptions()).ConfigureAwait(false);
        await using (workshop.ConfigureAwait(false))
        {
            tenth = await ImportAsync(workshop, gigabytes / 10, verify: true).ConfigureAwait(false);
            whole = await ImportAsync(workshop, gigabytes, verify: false).ConfigureAwait(false);
        }

        var ratio = whole.PeakMegabytes / tenth.PeakMegabytes;
        var isFlat = ratio <= Target;
        var file = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", "benchmark-stream.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(
            new { name = "stream", ratio = Math.Round(ratio, 4), target = Target, better = "lower", met = isFlat, whole, tenth }, Format)).ConfigureAwait(false);
        Console.Out.WriteLine(whole);
        Console.Out.WriteLine(tenth);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stream: {ratio:F3} of the memory of a tenth (at most {Target:F2}); every record arrived. {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}{load}."));
        return isFlat ? 0 : 1;
    }

    private static bool TryParse(IReadOnlyList<string> arguments, out double gigabytes)
    {
        gigabytes = DefaultGigabytes;
        return arguments is []
            || (arguments is ["--gigabytes", var text]
                && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out gigabytes)
                && gigabytes is > 0 and <= MostGigabytes);
    }

    // The records are made in this process, so that they are no part of what is measured in the other.
    private static async Task<StreamRun> ImportAsync(Workshop workshop, double gigabytes, bool verify)
    {
        Workshop.Say(string.Create(CultureInfo.InvariantCulture, $"stream: {gigabytes:F2} GB …"));
        await workshop.Sink.ResetAsync(new SinkSettings { Verify = verify }).ConfigureAwait(false);
        using var pipe = NamedPipe.Create(Path.Combine(workshop.Folder, $"customers-{gigabytes.ToString(CultureInfo.InvariantCulture)}.csv"));
        var worker = await workshop.StartModuleAsync().ConfigureAwait(false);
        await using (worker.ConfigureAwait(false))
        {
            var feeding = Task.Factory.StartNew(
                () => CustomerStream.Write(pipe.Path, (long)(gigabytes * Gigabyte)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var result = await worker.DoAsync(new("import") { Path = pipe.Path }).ConfigureAwait(false);
            var fed = await feeding.ConfigureAwait(false);
            var tally = await workshop.Sink.TallyAsync().ConfigureAwait(false);
            if (result.Records != fed.Expected.Records || tally.Records != fed.Expected.Records
                || (verify && (tally.ParsedRecords, tally.KeySum, tally.RecordSum) != (fed.Expected.Records, fed.Expected.KeySum, fed.Expected.RecordSum)))
            {
                throw new InvalidOperationException($"{fed.Expected} went in, {result.Records} were sent, and {tally} arrived.");
            }

            var run = new StreamRun(fed.Bytes / Gigabyte, fed.Expected.Records, result.Seconds, result.CpuSeconds, result.PeakBytes / Megabyte);
            Workshop.Say($"stream: {run}");
            return run;
        }
    }
}
