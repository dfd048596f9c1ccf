using System.Collections;
using System.Globalization;
using System.Management.Automation;
using OptimoveDC.Cmdlets.Tests.Documents;
using OptimoveDC.Cmdlets.Tests.Hosting;

namespace OptimoveDC.Cmdlets.Tests.Help;

/// <summary>What Get-Help shows of each cmdlet is whole, and agrees with what the engine knows of the cmdlet itself.</summary>
public sealed class HelpTests
{
    private static readonly string[] FromTheEngine = ["WhatIf", "Confirm"];

    // As PlatyPS leaves them, among others; ${{ secrets }} of a workflow are none.
    private const string Placeholder = @"(?<!\$)\{\{|\b(TODO|TBD|FIXME|Lorem ipsum)\b";

    public static TheoryData<string> Cmdlets() => [.. ManifestData.List("CmdletsToExport")];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task It_has_a_synopsis_a_description_inputs_outputs_notes_and_links(string cmdlet)
    {
        await using var shell = ShellSession.Open();

        var help = HelpOf(shell, cmdlet);

        Assert.Matches("^[A-Z].*\\.$", Text(help, "Synopsis"));
        Assert.All(
            new[] { "description", "inputTypes.inputType", "returnValues.returnValue", "alertSet", "relatedLinks" },
            part => Assert.False(string.IsNullOrWhiteSpace(Text(help, part)), part));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task It_shows_at_least_three_examples_each_with_code_and_a_title(string cmdlet)
    {
        await using var shell = ShellSession.Open();

        var examples = List(Read(HelpOf(shell, cmdlet), "examples.example"));

        Assert.True(examples.Count >= 3, $"{examples.Count}");
        Assert.All(examples, example => Assert.Contains(cmdlet, Text(example, "code"), StringComparison.Ordinal));
        Assert.Equal(examples.Count, examples.Select(example => Text(example, "title")).Distinct().Count());
        Assert.Equal(PowerShellBlock.In($"docs/cmdlets/{cmdlet}.md").Select(block => block.Script.TrimEnd()), examples.Select(example => Text(example, "code")));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task Its_parameters_are_those_of_the_cmdlet_each_described(string cmdlet)
    {
        await using var shell = ShellSession.Open();
        var command = Command(shell, cmdlet);

        var parameters = List(Read(HelpOf(shell, cmdlet), "parameters.parameter"));

        Assert.Equal(Own(command).Select(parameter => parameter.Name).Order(), parameters.Select(parameter => Text(parameter, "name")).Order());
        Assert.All(parameters, parameter => Assert.Matches("[A-Z0-9`].*[.:]", Text(parameter, "description")));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task What_it_says_of_a_parameter_is_what_the_engine_binds(string cmdlet)
    {
        await using var shell = ShellSession.Open();
        var command = Command(shell, cmdlet);
        var help = List(Read(HelpOf(shell, cmdlet), "parameters.parameter"));

        foreach (var parameter in Own(command))
        {
            var described = help.Single(candidate => Text(candidate, "name") == parameter.Name);
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            var sets = parameter.ParameterSets.Values.ToList();

            Assert.Equal(type.Name, Text(described, "type.name"));
            Assert.Equal(sets.TrueForAll(set => set.IsMandatory), Text(described, "required") == "true");
            Assert.Equal(sets.Exists(set => set.ValueFromPipeline), Text(described, "pipelineInput").StartsWith("True", StringComparison.Ordinal));
            Assert.DoesNotContain(sets, set => set.ValueFromPipelineByPropertyName);
            Assert.Equal(parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases), Text(described, "aliases"));
            Assert.Equal(parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(), Text(described, "globbing") == "true");
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task The_default_it_names_is_the_one_that_holds(string cmdlet)
    {
        await using var shell = ShellSession.Open();
        var command = Command(shell, cmdlet);
        using var untouched = Activator.CreateInstance(command.ImplementingType) as IDisposable;
        var instance = untouched ?? Activator.CreateInstance(command.ImplementingType)!;

        foreach (var described in List(Read(HelpOf(shell, cmdlet), "parameters.parameter")))
        {
            var name = Text(described, "name");
            var value = command.ImplementingType.GetProperty(name)?.GetValue(instance);
            var named = Text(described, "defaultValue");

            Assert.True(
                named == (value as IFormattable)?.ToString(null, CultureInfo.InvariantCulture)
                || named == value?.ToString()
                || (named == "None" && (value is null or "" or 0 or ICollection { Count: 0 } || value.Equals(Guid.Empty)))
                || (named == "False" && FromTheEngine.Contains(name)),
                $"-{name}: {named}, but {value}");
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task Its_syntax_has_the_parameters_of_each_set_with_what_is_mandatory_and_positional(string cmdlet)
    {
        await using var shell = ShellSession.Open();
        var command = Command(shell, cmdlet);

        var items = List(Read(HelpOf(shell, cmdlet), "syntax.syntaxItem"));

        Assert.Equal(
            command.ParameterSets.Select(set => Describe(set.Parameters
                .Where(parameter => !Common.Contains(parameter.Name))
                .Select(parameter => (parameter.Name, parameter.IsMandatory, parameter.Position >= 0 ? parameter.Position.ToString(CultureInfo.InvariantCulture) : "named")))).Order(),
            items.Select(item => Describe(List(Read(item, "parameter"))
                .Select(parameter => (Text(parameter, "name"), Text(parameter, "required") == "true", Text(parameter, "position"))))).Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public async Task Get_Help_shows_all_of_it_and_one_parameter_alone(string cmdlet)
    {
        var host = new ScreenHost();
        await using var shell = ShellSession.Open(host);

        shell.Run($"Get-Help {cmdlet} -Full | Out-Default; Get-Help {cmdlet} -Examples | Out-Default").EnsureSucceeded();
        var one = shell.Run($"Get-Help {cmdlet} -Parameter *");

        Assert.All(new[] { "SYNOPSIS", "SYNTAX", "DESCRIPTION", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS", "Example 3: " }, part => Assert.Contains(part, host.Screen, StringComparison.Ordinal));
        if (Own(Command(shell, cmdlet)).Any())
        {
            Assert.NotEmpty(one.EnsureSucceeded().Output);
        }
    }

    [Fact]
    public void Every_page_is_of_a_cmdlet_and_describes_no_parameter_that_nobody_has_announced()
    {
        var cmdlets = ModuleLoader.LoadCmdlets().GetExportedTypes()
            .SelectMany(type => type.GetCustomAttributes(typeof(CmdletAttribute), false).Cast<CmdletAttribute>().Select(cmdlet => (Type: type, Name: $"{cmdlet.VerbName}-{cmdlet.NounName}")))
            .ToDictionary(cmdlet => cmdlet.Name, cmdlet => cmdlet.Type);

        Assert.Equal(cmdlets.Keys.Order(StringComparer.Ordinal), HelpPage.All.Select(page => page.Name));
        Assert.All(HelpPage.All, page => Assert.Empty(page.Parameters
            .Except(cmdlets[page.Name].GetProperties().Select(property => property.Name))
            .Except(Announced.Parameters(page.Name))));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void It_is_called_by_a_test_that_is_not_about_documents(string cmdlet)
    {
        var tests = Path.Combine(PackagedModule.RepositoryRoot, "tests", "OptimoveDC.Cmdlets.Tests");
        string[] others = [Path.Combine(tests, "Documents"), Path.Combine(tests, "Help"), Path.Combine(tests, "bin"), Path.Combine(tests, "obj")];

        Assert.Contains(
            Directory.EnumerateFiles(tests, "*Tests.cs", SearchOption.AllDirectories),
            file => !Array.Exists(others, folder => file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                && File.ReadAllText(file).Contains(cmdlet, StringComparison.Ordinal));
    }

    [Fact]
    public void No_placeholder_is_left_in_any_document() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(PackagedModule.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories)
                .Append(Path.Combine(PackagedModule.RepositoryRoot, "README.md"))
                .Concat(Directory.EnumerateFiles(Path.Combine(PackagedModule.Root, "en-US"))),
            file => Assert.DoesNotMatch(Placeholder, File.ReadAllText(file)));

    private static HashSet<string> Common { get; } = [.. Cmdlet.CommonParameters];

    private static CmdletInfo Command(ShellSession shell, string name) => shell.Run($"Get-Command {name}").Only<CmdletInfo>();

    private static IEnumerable<ParameterMetadata> Own(CmdletInfo command) =>
        command.Parameters.Values.Where(parameter => !Common.Contains(parameter.Name));

    private static PSObject HelpOf(ShellSession shell, string cmdlet)
    {
        var help = Assert.Single(shell.Run($"Get-Help {cmdlet} -Full").EnsureSucceeded().Output);
        Assert.Contains(help.TypeNames, type => type.StartsWith("MamlCommandHelpInfo", StringComparison.Ordinal));
        return help;
    }

    private static string Describe(IEnumerable<(string Name, bool Mandatory, string Position)> parameters) =>
        string.Join(' ', parameters.OrderBy(parameter => parameter.Name).Select(parameter => $"{parameter.Name}{(parameter.Mandatory ? "!" : "")}@{parameter.Position}"));

    private static object? Read(PSObject from, string path)
    {
        object? value = from;
        foreach (var name in path.Split('.'))
        {
            value = value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        }

        return value;
    }

    private static List<PSObject> List(object? value) => value switch
    {
        null => [],
        PSObject { BaseObject: IEnumerable items and not string } => [.. items.Cast<object>().Select(PSObject.AsPSObject)],
        IEnumerable items and not string => [.. items.Cast<object>().Select(PSObject.AsPSObject)],
        _ => [PSObject.AsPSObject(value)],
    };

    private static string Text(PSObject from, string path) => string.Join('\n', List(Read(from, path)).Select(Flat)).Trim();

    private static string Flat(PSObject value) =>
        value.BaseObject is string text
            ? text
            : string.Join('\n', value.Properties.Select(property => string.Join('\n', List(property.Value).Select(Flat))));
}
