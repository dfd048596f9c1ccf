using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Rows;

/// <summary>Somebody who does the work of a row in a process of his own.</summary>
/// <param name="Name">His name, for what is said on the way.</param>
/// <param name="StartAsync">Starts him.</param>
/// <param name="Work">What is timed.</param>
internal sealed record Contender(string Name, Func<Task<WorkerProcess>> StartAsync, WorkerCommand Work)
{
    /// <summary>What is done before the clock starts: to get the data, to get warm.</summary>
    internal IReadOnlyList<WorkerCommand> Preparation { get; init; } = [];

    /// <summary>Whether he sends the records to the sink.</summary>
    internal bool Sends { get; init; } = true;
}
