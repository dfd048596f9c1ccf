using System.Diagnostics;
using System.Runtime.Versioning;
using OptimoveDC.Core.Tests.Resuming;

namespace OptimoveDC.Core.Tests;

/// <summary>The tests of each framework run on that framework: a later one would run them just as well, and show less.</summary>
public sealed class RuntimeTests
{
    private static readonly Version Built = new FrameworkName(
        typeof(RuntimeTests).Assembly.GetCustomAttributes(inherit: false).OfType<TargetFrameworkAttribute>().Single().FrameworkName).Version;

    [Fact]
    public void The_tests_run_on_the_runtime_that_they_were_built_for() => Assert.Equal(Built.Major, Environment.Version.Major);

    [Fact]
    public async Task So_do_the_processes_that_they_start()
    {
        using var process = Process.Start(LoadProgram.With("runtime="))!;
        var version = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Environment.Version, Version.Parse(version));
    }
}
