using OptimoveDC.Benchmarks;
using OptimoveDC.Benchmarks.Peers;
using OptimoveDC.Benchmarks.Sink;
using OptimoveDC.Benchmarks.Streaming;
using OptimoveDC.Benchmarks.Workers;

switch (args)
{
    // The other processes of a benchmark: started by it, and by nobody else.
    case ["sink"]:
        return await SinkServer.RunAsync().ConfigureAwait(false);
    case ["worker", FrozenStage.Kind]:
        return await WorkerLoop.RunAsync(new FrozenStage()).ConfigureAwait(false);
    case ["worker", ReadyBodies.Kind, var service]:
        return await WorkerLoop.RunAsync(new ReadyBodies(service)).ConfigureAwait(false);

    case ["--self-check"]:
        return SelfCheck.Run(Console.Out.WriteLine);
    case ["stream", .. var rest]:
        return await StreamBenchmark.RunAsync(rest).ConfigureAwait(false);
    case ["profile", .. var rest]:
        return await Profile.RunAsync(RunOptions.Parse(rest)).ConfigureAwait(false);
    case ["micro", .. var rest]:
        return await MicroBenchmarks.RunAsync(rest).ConfigureAwait(false);
    default:
        try
        {
            return await Benchmark.RunAsync(RunOptions.Parse(args)).ConfigureAwait(false);
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
}
