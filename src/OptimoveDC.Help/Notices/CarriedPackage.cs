using System.Xml.Linq;

namespace OptimoveDC.Help.Notices;

/// <summary>A package whose assemblies the module carries, as its own description has it.</summary>
internal sealed class CarriedPackage
{
    private static readonly string[] LicenseNames = ["LICENSE", "LICENSE.txt", "LICENSE.md", "license.txt"];

    internal required string Id { get; init; }

    internal required string Version { get; init; }

    internal required string Authors { get; init; }

    internal required string Copyright { get; init; }

    internal required string Address { get; init; }

    /// <summary>The name of its licence.</summary>
    internal required string License { get; init; }

    /// <summary>The words of its licence.</summary>
    internal required string LicenseText { get; init; }

    /// <summary>What it carries of others itself, in its own words; null when it says nothing of that.</summary>
    internal string? Notices { get; init; }

    /// <summary>Reads a package from where it was restored to.</summary>
    /// <param name="folder">The folder of the package and version.</param>
    /// <param name="standardTexts">The words of licences that packages give by name alone.</param>
    /// <exception cref="InvalidDataException">Its licence can't be found: such a package must not be shipped.</exception>
    internal static CarriedPackage Read(string folder, string standardTexts)
    {
        var description = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec").Single());
        string Value(string name) => description.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
        var license = description.Descendants().FirstOrDefault(element => element.Name.LocalName == "license")
            ?? throw new InvalidDataException($"{folder} has no licence.");
        var isFile = license.Attribute("type")?.Value == "file";
        var file = isFile
            ? Path.Combine(folder, license.Value)
            : LicenseNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? Path.Combine(standardTexts, license.Value + ".txt");
        var notices = Path.Combine(folder, "THIRD-PARTY-NOTICES.TXT");
        return new CarriedPackage
        {
            Id = Value("id"),
            Version = Value("version"),
            Authors = Value("authors"),
            Copyright = Value("copyright"),
            Address = Value("projectUrl") is { Length: > 0 } project ? project : RepositoryOf(description),
            License = isFile ? "see below" : license.Value,
            LicenseText = File.Exists(file) ? Plain(file) : throw new InvalidDataException($"The words of the licence of {folder} are not there: {file}."),
            Notices = File.Exists(notices) ? Plain(notices) : null,
        };
    }

    private static string RepositoryOf(XDocument description) =>
        description.Descendants().FirstOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url")?.Value ?? "";

    private static string Plain(string file) => File.ReadAllText(file).ReplaceLineEndings("\n").Trim('\n', '\uFEFF');
}
