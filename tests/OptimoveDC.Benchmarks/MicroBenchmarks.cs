using System.Diagnostics;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks;

/// <summary>Runs the project of the micro-benchmarks, which needs the product's insides and therefore a process without the packaged module.</summary>
internal static class MicroBenchmarks
{
    internal static async Task<int> RunAsync(IReadOnlyCollection<string> arguments)
    {
        var project = Path.Combine(PackagedModule.RepositoryRoot, "tests", "OptimoveDC.MicroBenchmarks");
        IEnumerable<string> chosen = arguments.Count == 0 ? ["--filter", "*"] : arguments;
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["run", "--configuration", "Release", "--project", project, "--", .. chosen]))!;
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }
}
