using System.Collections;
using System.Diagnostics;
using System.Management.Automation;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>A script that is running.</summary>
public sealed class ShellInvocation : IDisposable
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    internal ShellInvocation(PowerShell shell, IEnumerable? input)
    {
        _shell = shell;
        var objects = new PSDataCollection<object?>();
        foreach (var item in input ?? Array.Empty<object>())
        {
            objects.Add(item);
        }

        objects.Complete();
        Completion = CompleteAsync(shell.InvokeAsync(objects, _output));
    }

    /// <summary>The run, when it has ended in whatever way. It never faults: how it ended is in the run.</summary>
    public Task<ShellRun> Completion { get; }

    /// <summary>What it has written so far.</summary>
    public IReadOnlyList<PSObject> OutputSoFar => [.. _output];

    /// <summary>Presses Ctrl+C.</summary>
    /// <returns>How long the script took to stop.</returns>
    public async Task<TimeSpan> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        await Task.Factory.FromAsync(_shell.BeginStop, _shell.EndStop, null).ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        return clock.Elapsed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shell.Dispose();
        _output.Dispose();
    }

    private async Task<ShellRun> CompleteAsync(Task invocation)
    {
        Exception? exception = null;
        try
        {
            // Run waits for this on a thread of the test framework, which must not be needed to end it.
            await invocation.ConfigureAwait(false);
        }
        catch (Exception e) when (e is RuntimeException or PSInvalidOperationException)
        {
            exception = e;
        }

        _clock.Stop();
        return new ShellRun
        {
            Output = [.. _output],
            Errors = [.. _shell.Streams.Error],
            Warnings = [.. _shell.Streams.Warning.Select(r => r.Message)],
            Verbose = [.. _shell.Streams.Verbose.Select(r => r.Message)],
            Debug = [.. _shell.Streams.Debug.Select(r => r.Message)],
            Information = [.. _shell.Streams.Information],
            Progress = [.. _shell.Streams.Progress],
            Exception = exception,
            WasStopped = exception is PipelineStoppedException || _shell.InvocationStateInfo.State == PSInvocationState.Stopped,
            Elapsed = _clock.Elapsed,
        };
    }
}
