using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

// A PowerShell that knows the packaged module:
//
//   (nothing)             runs examples/loyalty.ps1
//   script.ps1 [args]     runs that script
//   -NoExit               opens a prompt
//   any other options     as pwsh takes them: -NoProfile -Command "...", -File ..., -Help

var root = Path.GetFullPath(Path.Combine(
    AppContext.BaseDirectory,
    Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryPath").Value!));
var modules = Path.Combine(root, "artifacts", "module");

// The shell adds its own folders. Child shells, jobs and runspaces that a script opens find the module here, too.
var others = Environment.GetEnvironmentVariable("PSModulePath");
Environment.SetEnvironmentVariable("PSModulePath", string.IsNullOrEmpty(others) ? modules : modules + Path.PathSeparator + others);

var state = InitialSessionState.CreateDefault2();
if (OperatingSystem.IsWindows())
{
    // The default there is Restricted, which would refuse the module's script.
    state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
}

// Loaded by its path, so that it is this one and no copy that the user has installed.
if (args is [] or ["-NoExit"] || !args[0].StartsWith('-'))
{
    state.ImportPSModule([Path.Combine(modules, "OptimoveDC", "OptimoveDC.psd1")]);
}

string[] command = args switch
{
    [] => ["-NoProfile", "-File", Path.Combine(root, "examples", "loyalty.ps1")],
    ["-NoExit"] => ["-NoProfile", "-NoLogo", "-NoExit", "-Command", "Get-Command -Module OptimoveDC"],
    [var script, ..] when !script.StartsWith('-') => ["-NoProfile", "-File", .. args],
    _ => args,
};
return ConsoleShell.Start(state, "", "", command);
