using System.Diagnostics;
using OptimoveDC.Coverage;

const string Usage = "dotnet run --project tests/OptimoveDC.Coverage [-- --report file]";

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "OptimoveDC.sln")))
{
    root = root.Parent ?? throw new InvalidOperationException("This program belongs to no repository.");
}

string report;
switch (args)
{
    case []:
        var folder = Path.Combine(root.FullName, "artifacts", "coverage");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (Test(root.FullName, folder) is var code and not 0)
        {
            Console.Error.WriteLine($"The tests failed with exit code {code}: their coverage says nothing.");
            return code;
        }

        report = Directory.GetFiles(folder, "*.xml").Single();
        break;
    case ["--report", var file]:
        report = file;
        break;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

var coverage = CoverageReport.Read(report);
coverage.Write(Console.Out);
return coverage.IsEnough ? 0 : 1;

static int Test(string root, string folder)
{
    using var test = Process.Start(new ProcessStartInfo("dotnet",
    [
        "test", "--project", "tests/OptimoveDC.Core.Tests", "--framework", "net10.0", "--coverlet", "--coverlet-include", "[OptimoveDC.Core]*",
        "--coverlet-output-format", "cobertura", "--results-directory", folder,
    ])
    { WorkingDirectory = root })!;
    test.WaitForExit();
    return test.ExitCode;
}
