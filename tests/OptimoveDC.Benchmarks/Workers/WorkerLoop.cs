using System.Text.Json;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>The inside of a worker process: says that it is ready, then does as it is told until its input ends.</summary>
internal static class WorkerLoop
{
    internal const string Ready = "ready";

    internal static async Task<int> RunAsync(IWorker worker)
    {
        using (worker)
        {
            Console.Out.WriteLine(Ready);
            while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                WorkerResult result;
                try
                {
                    result = await worker.DoAsync(JsonSerializer.Deserialize<WorkerCommand>(line)!).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    Console.Error.WriteLine(exception);
                    result = new WorkerResult { Error = exception.Message };
                }

                Console.Out.WriteLine(result.ToJson());
            }
        }

        return 0;
    }
}
