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
    private static readonly Guid DataConnectionId = Guid.Parse("41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89");
    private readonly Dictionary<int, CustomerFile> _files = [];

    private Workshop(RunOptions options, Shell shell, SinkProcess sink, string folder)
    {
        Options = options;
        Shell = shell;
        Sink = sink;
        Folder = folder;
    }

    internal RunOptions Options { get; }

    /// <summary>The PowerShell that everything of the product runs in.</summary>
    internal Shell Shell { get; }

    internal SinkProcess Sink { get; }

    internal string Folder { get; }

    internal static async Task<Workshop> OpenAsync(RunOptions options)
    {
        var shell = await Shell.PublishAsync(Say).ConfigureAwait(false);
        var folder = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", $"benchmark-data-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        return new Workshop(options, shell, await SinkProcess.StartAsync().ConfigureAwait(false), folder);
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

    /// <summary>Starts the product in a shell of its own, with a session open to the sink.</summary>
    internal Task<WorkerProcess> StartModuleAsync(string apiKey = "benchmark") =>
        Shell.StartModuleAsync(Sink.Service, apiKey, Guid.Empty, DataConnectionId);

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(Folder, recursive: true);
    }
}
