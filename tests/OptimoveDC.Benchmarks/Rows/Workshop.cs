using System.Diagnostics;
using System.Globalization;
using OptimoveDC.Benchmarks.Data;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>What all rows need: the sink, the data, and a folder that is gone afterwards.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private readonly Dictionary<int, CustomerFile> _files = [];

    private Workshop(RunOptions options, SinkProcess sink, string folder)
    {
        Options = options;
        Sink = sink;
        Folder = folder;
    }

    internal RunOptions Options { get; }

    internal SinkProcess Sink { get; }

    internal string Folder { get; }

    internal static async Task<Workshop> OpenAsync(RunOptions options)
    {
        var folder = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", $"benchmark-data-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        return new Workshop(options, await SinkProcess.StartAsync().ConfigureAwait(false), folder);
    }

    /// <summary>Says what is going on, beside the results.</summary>
    internal static void Say(string text) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Clock.Elapsed.TotalSeconds,4:F0} s] {text}"));

    /// <summary>A file of so many customers; made once.</summary>
    internal CustomerFile FileOf(int count)
    {
        if (!_files.TryGetValue(count, out var file))
        {
            Say($"writing {count:N0} customers …");
            file = CustomerFile.Create(Path.Combine(Folder, $"customers-{count}.csv"), count);
            _files.Add(count, file);
        }

        return file;
    }

    /// <summary>Starts the product in a process of its own, with a session open to the sink.</summary>
    internal Task<WorkerProcess> StartModuleAsync(string apiKey = "benchmark") =>
        WorkerProcess.StartAsync(ModuleWorker.Kind, Sink.Service.AbsoluteUri, apiKey);

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(Folder, recursive: true);
    }
}
