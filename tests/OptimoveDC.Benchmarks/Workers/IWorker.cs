namespace OptimoveDC.Benchmarks.Workers;

/// <summary>Somebody who works in a process of his own.</summary>
internal interface IWorker : IDisposable
{
    /// <summary>Does one thing, and says what it cost.</summary>
    Task<WorkerResult> DoAsync(WorkerCommand command);
}
