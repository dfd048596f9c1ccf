using System.Diagnostics;

namespace OptimoveDC.Cmdlets.Tests.Hosting;

/// <summary>A program of this repository, built with the tests and in the same configuration, run as a process of its own.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program to its end, by <c>dotnet</c>.</summary>
    /// <param name="project">The project, whose name is the program's.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The exit code and what it wrote.</returns>
    internal static Task<(int Code, string Output, string Errors)> RunAsync(string project, params string[] arguments) =>
        RunFileAsync(Path.Combine(Folder(project, "net10.0"), project + ".dll"), arguments);

    /// <summary>Runs a program from wherever it lies: an assembly by <c>dotnet</c>, anything else by itself.</summary>
    internal static Task<(int Code, string Output, string Errors)> RunFileAsync(string program, params string[] arguments) =>
        TypeIntoAsync(program, "", arguments);

    /// <summary>Runs a program from wherever it lies, and gives it some input.</summary>
    internal static async Task<(int Code, string Output, string Errors)> TypeIntoAsync(string program, string input, params string[] arguments)
    {
        var start = Path.GetExtension(program) == ".dll"
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The demo's shell: the program that the build made of it, which is what an installed PowerShell is, too.</summary>
    internal static string Shell { get; } = Path.Combine(Folder("OptimoveDC.Demo", "net10.0"), OperatingSystem.IsWindows() ? "OptimoveDC.Demo.exe" : "OptimoveDC.Demo");

    /// <summary>The same as an assembly, for <c>dotnet</c> to run, as it runs a PowerShell that is a .NET tool.</summary>
    internal static string ShellAssembly { get; } = Path.Combine(Folder("OptimoveDC.Demo", "net10.0"), "OptimoveDC.Demo.dll");

    /// <summary>Where the build has put a project's output.</summary>
    internal static string Folder(string project, string framework)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;
        return Path.Combine(PackagedModule.RepositoryRoot, "src", project, "bin", configuration, framework);
    }
}
