using System.Diagnostics;
using System.Reflection.PortableExecutable;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>
/// The project's own PowerShell, compiled ahead of time as an installed one is. It is published once, and again only
/// when something of it has changed.
/// </summary>
internal sealed class Shell
{
    private static readonly string Folder = Path.Combine(PackagedModule.RepositoryRoot, "artifacts", "compiled-shell");
    private static readonly string Work = Path.Combine(AppContext.BaseDirectory, "Workers", "module.ps1");
    private static readonly string ImportModule = Path.Combine(AppContext.BaseDirectory, "Workers", "import-module.ps1");

    private readonly string _program = Path.Combine(Folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    private Shell(string engine) => Engine = engine;

    /// <summary>What it is told to run.</summary>
    internal static IReadOnlyList<string> Scripts => [Work, ImportModule];

    /// <summary>How its engine was made, for the figures of a row.</summary>
    internal string Engine { get; }

    /// <summary>Brings the shell up to date; one that isn't compiled where there is no compiler.</summary>
    /// <exception cref="InvalidOperationException">It can't be built at all.</exception>
    internal static async Task<Shell> PublishAsync(Action<string> say)
    {
        say("the shell: publishing it, which takes minutes the first time");
        if (await RunPublishAsync(isCompiled: true).ConfigureAwait(false) is { } reason)
        {
            say($"the shell: its engine can't be compiled ahead of time here{Environment.NewLine}{reason}");
            if (await RunPublishAsync(isCompiled: false).ConfigureAwait(false) is { } failure)
            {
                throw new InvalidOperationException($"The shell can't be built:{Environment.NewLine}{failure}");
            }
        }

        // Not what was asked for, but what is there.
        using var engine = new PEReader(File.OpenRead(Path.Combine(Folder, "System.Management.Automation.dll")));
        var isCompiled = engine.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
        return new Shell(isCompiled ? "engine compiled ahead of time" : "engine not compiled ahead of time");
    }

    /// <summary>Starts it with the module and an open session.</summary>
    internal Task<WorkerProcess> StartModuleAsync(Uri service, string apiKey, Guid brandKey, Guid dataConnectionId) =>
        StartAsync(Work, service.AbsoluteUri, apiKey, $"{brandKey}", $"{dataConnectionId}", PackagedModule.Manifest, PackagedModule.EmptyModule, typeof(Shell).Assembly.Location);

    /// <summary>Starts it for a single import of a module.</summary>
    internal Task<WorkerProcess> StartBareAsync() => StartAsync(ImportModule);

    private Task<WorkerProcess> StartAsync(string script, params IEnumerable<string> arguments) =>
        WorkerProcess.StartProgramAsync(_program, ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", script, .. arguments]);

    private static async Task<string?> RunPublishAsync(bool isCompiled)
    {
        var project = Path.Combine(PackagedModule.RepositoryRoot, "tests", "OptimoveDC.CompiledShell");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-nologo", "-v:quiet", $"-p:PublishReadyToRun={isCompiled}"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await publish.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await publish.WaitForExitAsync().ConfigureAwait(false);
        return publish.ExitCode == 0 ? null : output;
    }
}
