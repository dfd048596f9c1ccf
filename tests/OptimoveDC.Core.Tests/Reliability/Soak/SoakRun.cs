using System.Diagnostics;

namespace OptimoveDC.Core.Tests.Reliability.Soak;

/// <summary>
/// Loads without end: each against a service and a network where anything may go wrong, a limit and a restart included, and
/// each held to every rule. Now and then stock is taken of what the process holds.
/// </summary>
internal static class SoakRun
{
    /// <summary>Runs a soak.</summary>
    /// <param name="plan">How long, and of what.</param>
    /// <param name="tell">Hears how it goes.</param>
    /// <param name="cancellationToken">Ends it with the load at hand.</param>
    internal static async Task<SoakReport> RunAsync(SoakPlan plan, Action<string> tell, CancellationToken cancellationToken)
    {
        var report = new SoakReport(plan);

        // What others have left unobserved is none of this.
        SoakSample.Take();
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            var seed = plan.FirstSeed - 1;
            for (var round = 1; round <= plan.Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                await Task.WhenAll(Enumerable.Range(0, plan.AtOnce).Select(_ => Task.Run(
                    async () =>
                    {
                        do
                        {
                            if (await plan.Judge(Interlocked.Increment(ref seed), report.Tally) is { } failure)
                            {
                                report.Failures.Enqueue(failure);
                            }
                        }
                        while (clock.Elapsed < plan.Length / plan.Rounds && !cancellationToken.IsCancellationRequested);
                    },
                    cancellationToken)));
                plan.RoundEnded?.Invoke();
                await Task.Delay(plan.Settling, cancellationToken);
                report.Add(SoakSample.Take());
                tell($"{round} of {plan.Rounds}: {report.Tally.Sum.Loads} loads, {report.Failures.Count} failed; {report.Samples[^1]}");
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        return report;

        // HttpListener closes answers of its own to connections that are gone by then, and looks at nothing of it.
        static bool IsOfListener(AggregateException unobserved) => unobserved.Flatten().InnerExceptions.All(exception =>
            exception is ObjectDisposedException && exception.TargetSite?.DeclaringType?.FullName?.StartsWith("System.Net.HttpListenerResponse", StringComparison.Ordinal) == true);

        void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved)
        {
            if (!IsOfListener(unobserved.Exception))
            {
                report.Unobserved.Enqueue(unobserved.Exception);
            }

            unobserved.SetObserved();
        }
    }
}
