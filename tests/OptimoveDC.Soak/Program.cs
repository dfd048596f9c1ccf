using System.Diagnostics;
using System.Globalization;

const string Usage = """
    dotnet run -c Release --project tests/OptimoveDC.Soak [-- --minutes 10] [--seed n]
    dotnet run -c Release --project tests/OptimoveDC.Soak -- fuzz [--inputs 200000]
    """;

var isFuzz = args is ["fuzz", ..];
var settings = isFuzz
    ? new Dictionary<string, (string Variable, string? Default)> { ["--inputs"] = ("OPTIMOVE_FUZZ_INPUTS", "200000") }
    : new Dictionary<string, (string Variable, string? Default)> { ["--minutes"] = ("OPTIMOVE_SOAK_MINUTES", "10"), ["--seed"] = ("OPTIMOVE_SOAK_SEED", null) };
var given = args.Skip(isFuzz ? 1 : 0).Chunk(2).ToList();
if (given.Any(pair => pair.Length != 2 || !settings.ContainsKey(pair[0]) || !int.TryParse(pair[1], CultureInfo.InvariantCulture, out var number) || number < 1))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "OptimoveDC.sln")))
{
    root = root.Parent ?? throw new InvalidOperationException("This program belongs to no repository.");
}

string[] chosen = isFuzz ? ["-class", "*.FuzzTests"] : ["-class", "*.SoakTests", "-explicit", "only"];
var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--project", "tests/OptimoveDC.Core.Tests", "--framework", "net10.0", "--", .. chosen, "-showLiveOutput"])
{
    WorkingDirectory = root.FullName,
};
foreach (var (name, (variable, value)) in settings)
{
    start.Environment[variable] = given.Where(pair => pair[0] == name).Select(pair => pair[1]).LastOrDefault() ?? value;
}

using var test = Process.Start(start)!;
test.WaitForExit();
return test.ExitCode;
