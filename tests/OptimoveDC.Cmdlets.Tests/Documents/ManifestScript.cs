using System.Globalization;
using System.Text.RegularExpressions;
using OptimoveDC.Cmdlets.Tests.Hosting;
using YamlDotNet.RepresentationModel;

namespace OptimoveDC.Cmdlets.Tests.Documents;

/// <summary>A script of PowerShell within an example in YAML, and the environment that the example gives it.</summary>
/// <param name="Example">The file, relative to the repository.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Script">The commands.</param>
/// <param name="Environment">What the file sets, as it stands there.</param>
internal sealed partial record ManifestScript(string Example, string Place, string Script, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Every one that calls a cmdlet of the module.</summary>
    internal static IReadOnlyList<ManifestScript> All { get; } = [.. Directory
        .EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, "examples"), "*.y*ml")
        .Order(StringComparer.Ordinal)
        .SelectMany(path => Documents(path).SelectMany(document => In(Path.GetFileName(path), "", document.RootNode, [])))];

    /// <summary>The documents of a file: a mistake in its syntax is thrown.</summary>
    internal static IList<YamlDocument> Documents(string path)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(path);
        yaml.Load(reader);
        return yaml.Documents;
    }

    private static IEnumerable<ManifestScript> In(string example, string place, YamlNode node, Dictionary<string, string> environment)
    {
        switch (node)
        {
            case YamlMappingNode map:
                // A workflow and its steps have an env; a ConfigMap's other entries become the environment of its pods.
                var inner = new Dictionary<string, string>(environment);
                foreach (var (name, value) in Scalars(map, "env").Concat(Scalars(map, "data")).Where(entry => Name().IsMatch(entry.Key)))
                {
                    inner[name] = value;
                }

                return map.Children.SelectMany(child => In(example, $"{place}/{child.Key}", child.Value, inner));
            case YamlSequenceNode list:
                return list.Children.SelectMany((child, at) => In(example, string.Create(CultureInfo.InvariantCulture, $"{place}/{at}"), child, environment));
            case YamlScalarNode { Value: { } text } when text.Contains("-Optimove", StringComparison.Ordinal):
                return [new ManifestScript(example, place, text, environment)];
            default:
                return [];
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Scalars(YamlMappingNode map, string name) =>
        map.Children.TryGetValue(new YamlScalarNode(name), out var found) && found is YamlMappingNode entries
            ? entries.Children.Where(child => child.Value is YamlScalarNode).Select(child => KeyValuePair.Create(child.Key.ToString(), child.Value.ToString()))
            : [];

    [GeneratedRegex("^[A-Z_]+$")]
    private static partial Regex Name();
}
