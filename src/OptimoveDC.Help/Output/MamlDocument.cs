using System.Globalization;
using System.Xml.Linq;
using OptimoveDC.Help.Facts;
using OptimoveDC.Help.Pages;

namespace OptimoveDC.Help.Output;

/// <summary>Help as Get-Help reads it: the words of the pages, the facts of the cmdlets.</summary>
internal static class MamlDocument
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Makes the document of all cmdlets.</summary>
    internal static XDocument Make(IEnumerable<(CmdletFacts Facts, CmdletPage Page)> cmdlets) =>
        new(new XElement(
            Help + "helpItems",
            new XAttribute("schema", "maml"),
            cmdlets.Select(cmdlet => MakeCommand(cmdlet.Facts, cmdlet.Page))));

    private static XElement MakeCommand(CmdletFacts facts, CmdletPage page) =>
        new(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", facts.Name),
                new XElement(Command + "verb", facts.Verb),
                new XElement(Command + "noun", facts.Noun),
                new XElement(Maml + "description", Paragraphs([page.Synopsis]))),
            new XElement(Maml + "description", Paragraphs(page.Description)),
            new XElement(Command + "syntax", facts.Sets.Select(set => MakeSyntax(facts, page, set))),
            new XElement(
                Command + "parameters",
                facts.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
                    .Select(parameter => MakeParameter(parameter, page, parameter.IsMandatory, parameter.Position, parameter.TakesPipeline))),
            new XElement(Command + "inputTypes", page.Inputs.Select(input => MakeType(Command + "inputType", input))),
            new XElement(Command + "returnValues", page.Outputs.Select(output => MakeType(Command + "returnValue", output))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(MakeExample)),
            new XElement(Maml + "relatedLinks", page.Links.Select(MakeLink)));

    private static XElement MakeSyntax(CmdletFacts facts, CmdletPage page, string set) =>
        new(
            Command + "syntaxItem",
            new XElement(Maml + "name", facts.Name),
            facts.In(set).Select(member => MakeParameter(member.Parameter, page, member.Use.IsMandatory, member.Use.Position, member.Use.TakesPipeline)));

    private static XElement MakeParameter(ParameterFacts parameter, CmdletPage page, bool mandatory, int? position, bool pipeline)
    {
        var text = page.Parameters.FirstOrDefault(described => described.Name == parameter.Name)?.Paragraphs ?? ShouldProcessText.For(parameter.Name) ?? [];
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Truth(mandatory)),
            new XAttribute("variableLength", Truth(parameter.IsArray)),
            new XAttribute("globbing", Truth(parameter.TakesWildcards)),
            new XAttribute("pipelineInput", pipeline ? "True (ByValue)" : "False"),
            new XAttribute("position", position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", Paragraphs(text)),
            parameter.Values.Count > 0
                ? new XElement(
                    Command + "parameterValueGroup",
                    parameter.Values.Select(value => new XElement(
                        Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value)))
                : null,
            parameter.IsSwitch
                ? null
                : new XElement(
                    Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", Truth(parameter.IsArray)), parameter.Type),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.Default));
    }

    private static XElement MakeType(XName name, NamedText described) =>
        new(
            name,
            new XElement(Dev + "type", new XElement(Maml + "name", described.Name), new XElement(Maml + "uri")),
            new XElement(Maml + "description", Paragraphs(described.Paragraphs)));

    private static XElement MakeExample(Example example, int index) =>
        new(
            Command + "example",
            new XElement(Maml + "title", $"-------- Example {index + 1}: {example.Title} --------"),
            new XElement(Dev + "code", example.Code),

            // The empty paragraph keeps the next example's title off the remarks.
            new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""])));

    private static XElement MakeLink(RelatedLink link) =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri", link.Address));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) => texts.Select(text => new XElement(Maml + "para", text));

    private static string Truth(bool value) => value ? "true" : "false";
}
