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
    /// <exception cref="InvalidDataException">The folder holds no package, or its licence can't be found: such a package must not be shipped.</exception>
    internal static CarriedPackage Read(string folder, string standardTexts)
    {
        var specification = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.nuspec") : [];
        var description = specification is [var file]
            ? XDocument.Load(file)
            : throw new InvalidDataException($"{folder} holds no package: one .nuspec file is expected there. Run dotnet restore.");
        string Value(string name) => description.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
        var license = description.Descendants().FirstOrDefault(element => element.Name.LocalName == "license")
            ?? throw new InvalidDataException($"{folder} has no licence.");
        var isFile = license.Attribute("type")?.Value == "file";
        var text = isFile
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
            LicenseText = File.Exists(text) ? Plain(text) : throw new InvalidDataException($"The words of the licence of {folder} are not there: {text}."),
            Notices = File.Exists(notices) ? Plain(notices) : null,
        };
    }

    private static string RepositoryOf(XDocument description) =>
        description.Descendants().FirstOrDefault(element => element.Name.LocalName == "repository")?.Attribute("url")?.Value ?? "";

    private static string Plain(string file) => File.ReadAllText(file).ReplaceLineEndings("\n").Trim('\n', '\uFEFF');
}
