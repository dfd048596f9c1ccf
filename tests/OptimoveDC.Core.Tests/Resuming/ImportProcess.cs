using System.Diagnostics;
using System.Text.Json;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>An import in a process of its own, which can be killed at any moment.</summary>
internal sealed class ImportProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ImportProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal static ImportProcess Start(EmulatorServer server, EmulatedConnection connection, string source, string checkpoint, string rejects, bool resume, int batch, int throttle, params string[] more) =>
        Start(heapLimit: null, connection, [
            $"uri={server.BaseAddress}", $"connection={connection.Id}", $"source={source}", $"checkpoint={checkpoint}", $"rejects={rejects}",
            $"batch={batch}", $"throttle={throttle}", .. resume ? ["resume=yes"] : Array.Empty<string>(), .. more,
        ]);

    /// <summary>Starts an import whose process may not have more managed memory than so many bytes.</summary>
    internal static ImportProcess StartWithin(long heapLimit, EmulatorServer server, EmulatedConnection connection, string source, string checkpoint) =>
        Start(heapLimit, connection, [$"uri={server.BaseAddress}", $"connection={connection.Id}", $"source={source}", $"checkpoint={checkpoint}", "batch=5000", "throttle=4"]);

    private static ImportProcess Start(long? heapLimit, EmulatedConnection connection, string[] arguments)
    {
        var start = LoadProgram.With(connection, arguments);
        if (heapLimit is { } heap)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = heap.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        }

        return new ImportProcess(Process.Start(start)!);
    }

    /// <summary>Ends the process at once, as SIGKILL does: nothing of it runs any more.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>The account; null when it was killed before it could give one.</returns>
    internal async Task<JsonElement?> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var output = await _output;
        TestContext.Current.TestOutputHelper?.WriteLine(output + await _errors);
        return output.Length == 0 ? null : JsonDocument.Parse(output).RootElement;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
