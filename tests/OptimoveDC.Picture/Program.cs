using System.Reflection;
using OptimoveDC.Picture;

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

var screen = new TerminalScreen(Columns, Rows);
foreach (var (time, text) in TerminalRecording.Run($"dotnet '{demo}' '{script}'", Columns, Rows))
{
    screen.Write(time, text);
}

File.WriteAllText(picture, SvgPicture.Draw(screen, "An import in a terminal: its progress, then the account and two rejected records."));
Console.WriteLine($"{picture}: {screen.Lines.Count} lines over {screen.End.TotalSeconds:F1} s");
