using System.Diagnostics;
using System.Globalization;
using OptimoveDC.Core.Tests.Resuming;

namespace OptimoveDC.Core.Tests.Sync;

/// <summary>A sync in a process of its own, which can be killed at any moment.</summary>
internal sealed class SyncProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private SyncProcess(Process process, Action<string> progress)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        process.OutputDataReceived += (_, line) => progress(line.Data ?? "");
        process.BeginOutputReadLine();
    }

    /// <summary>Starts a sync that deletes what is missing.</summary>
    /// <param name="file">What is synced.</param>
    /// <param name="batch">Records in an upload.</param>
    /// <param name="deletes">Keys in a delete.</param>
    /// <param name="progress">Hears of each line that it writes.</param>
    /// <param name="more">More arguments.</param>
    internal static SyncProcess Start(SyncedFile file, int batch, int deletes, Action<string> progress, params string[] more)
    {
        string[] arguments =
        [
            $"uri={file.Server.BaseAddress}", $"connection={file.Connection.Id}", $"source={file.Source}", $"state={file.StatePath}",
            string.Create(CultureInfo.InvariantCulture, $"batch={batch}"), string.Create(CultureInfo.InvariantCulture, $"deletes={deletes}"), .. more,
        ];
        return new SyncProcess(Process.Start(LoadProgram.With(file.Connection, arguments))!, progress);
    }

    /// <summary>What it wrote of errors, once it has ended.</summary>
    internal string Errors { get; private set; } = "";

    /// <summary>Ends the process at once, as SIGKILL does: nothing of it runs any more.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Errors = await _errors;
        TestContext.Current.TestOutputHelper?.WriteLine(Errors);
        return _process.ExitCode;
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
