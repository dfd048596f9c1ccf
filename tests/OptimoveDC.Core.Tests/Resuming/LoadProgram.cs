using System.Diagnostics;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Resuming;

/// <summary>The program that loads one source in a process of its own, on the runtime that the tests run on.</summary>
internal static class LoadProgram
{
    // Where the tests were started by dotnet, that one: it may not be the one of the machine.
    private static readonly string Dotnet =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>How to start it: what it writes is redirected.</summary>
    internal static ProcessStartInfo With(params IEnumerable<string> arguments) =>
        new(Dotnet, [Path.Combine(AppContext.BaseDirectory, "OptimoveDC.LoadProcess.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    /// <summary>How to start it with the keys of a connection.</summary>
    internal static ProcessStartInfo With(EmulatedConnection connection, IEnumerable<string> arguments)
    {
        var start = With(arguments);
        start.Environment["OPTIMOVE_API_KEY"] = connection.Brand.ApiKey;
        start.Environment["OPTIMOVE_BRAND_KEY"] = connection.Brand.BrandKey.ToString();
        return start;
    }
}
