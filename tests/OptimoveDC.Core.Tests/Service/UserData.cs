using System.Runtime.CompilerServices;

namespace OptimoveDC.Core.Tests.Service;

/// <summary>Keeps what the core writes to the user's data folder away from that of whoever runs the tests.</summary>
internal static class UserData
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("optimove-data-").FullName;

    [ModuleInitializer]
    internal static void Redirect()
    {
        // Where the system has no such variable, the user's own folder is used, and left clean by the tests.
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", Folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
