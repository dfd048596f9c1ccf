using System.Reflection;
using OptimoveDC.Picture;
using OptimoveDC.Picture.Terminal;

// Drawn from a real run: dotnet run --project tests/OptimoveDC.Picture
const int Columns = 100;
const int Rows = 24;

var root = Path.GetFullPath(Path.Combine(
    AppContext.BaseDirectory,
    Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryPath").Value!));
var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;
var demo = Path.Combine(root, "src", "OptimoveDC.Demo", "bin", configuration, "net10.0", "OptimoveDC.Demo.dll");
var script = Path.Combine(root, "tests", "OptimoveDC.Picture", "import.ps1");
var picture = args is [var path] ? path : Path.Combine(root, "docs", "import.svg");

await using var terminal = TerminalSession.Start($"dotnet '{demo}' '{script}'", Columns, Rows);
var code = await terminal.WaitForExitAsync();
var screen = terminal.Look(screen => screen);
if (code != 0)
{
    throw new InvalidOperationException($"The command ended with {code}:\n{string.Join('\n', screen.Rows)}");
}

File.WriteAllText(picture, SvgPicture.Draw(screen, "An import in a terminal: its progress, then the account and two rejected records."));
Console.WriteLine($"{picture}: {screen.Lines.Count} lines over {screen.End.TotalSeconds:F1} s");
