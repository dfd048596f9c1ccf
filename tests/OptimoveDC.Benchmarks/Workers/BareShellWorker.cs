namespace OptimoveDC.Benchmarks.Workers;

/// <summary>A shell without the module, to see what importing one costs. A process serves for one import only.</summary>
internal sealed class BareShellWorker : IWorker
{
    internal const string Kind = "bare";
    private readonly Shell _shell = new();

    // The engine's first script, and its first look for a module, are nobody's import.
    public BareShellWorker() => _shell.Run("$null = Get-Module -Name None; $null = Get-Command -Name Import-Module");

    public Task<WorkerResult> DoAsync(WorkerCommand command)
    {
        _shell.Set("path", command.Path);
        return Measuring.Measure(() => _shell.Run("Import-Module $path -ErrorAction Stop").Count);
    }

    public void Dispose() => _shell.Dispose();
}
