using System.Text.Json;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>The outside of a worker process.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.General) { PropertyNameCaseInsensitive = true };
    private readonly ChildProcess _process;

    private WorkerProcess(ChildProcess process) => _process = process;

    /// <summary>Starts one of this program's own workers, and waits until it is ready.</summary>
    internal static Task<WorkerProcess> StartAsync(string kind, params IEnumerable<string> arguments) =>
        BecomeReadyAsync(ChildProcess.StartSelf(["worker", kind, .. arguments]));

    /// <summary>Starts a peer that is another program, and waits until it is ready.</summary>
    internal static Task<WorkerProcess> StartProgramAsync(string program, params IEnumerable<string> arguments) =>
        BecomeReadyAsync(ChildProcess.Start(program, arguments));

    /// <exception cref="InvalidOperationException">The work failed.</exception>
    internal async Task<WorkerResult> DoAsync(WorkerCommand command)
    {
        await _process.WriteLineAsync(JsonSerializer.Serialize(command)).ConfigureAwait(false);
        var result = JsonSerializer.Deserialize<WorkerResult>(await _process.ReadLineAsync().ConfigureAwait(false), Format)!;
        return result.Error is null ? result : throw new InvalidOperationException(result.Error);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<WorkerProcess> BecomeReadyAsync(ChildProcess process)
    {
        var first = await process.ReadLineAsync().ConfigureAwait(false);
        return first == WorkerLoop.Ready ? new WorkerProcess(process) : throw new InvalidOperationException($"A worker said «{first}» instead of being ready.");
    }
}
