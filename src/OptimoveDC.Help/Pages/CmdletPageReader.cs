using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace OptimoveDC.Help.Pages;

/// <summary>
/// Reads the page of a cmdlet, in the form that PlatyPS gives such pages. Strict: a section that is missing,
/// misspelt or there twice ends the build instead of leaving a hole in the help.
/// </summary>
internal sealed partial class CmdletPageReader
{
    private static readonly string[] Required = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    // Generated, for those who read the page itself.
    private const string Syntax = "SYNTAX";

    private readonly MarkdownPage _page;

    private CmdletPageReader(MarkdownPage page) => _page = page;

    /// <summary>Reads a page.</summary>
    /// <exception cref="PageException">It is not in the form.</exception>
    internal static CmdletPage Read(string file) => new CmdletPageReader(MarkdownPage.Read(file)).Read();

    private CmdletPage Read()
    {
        foreach (var section in _page.Sections.Where(section => section.Heading != Syntax && !Required.Contains(section.Heading)))
        {
            throw new PageException(_page.File, section.Line, $"There is no section '{section.Heading}' in the page of a cmdlet.");
        }

        var synopsis = PlainText.Paragraphs(_page.File, Section("SYNOPSIS").Blocks);
        return new CmdletPage
        {
            File = _page.File,
            Name = _page.Title == Path.GetFileNameWithoutExtension(_page.File)
                ? _page.Title
                : throw new PageException(_page.File, 1, $"The title '{_page.Title}' is not the name of the file."),
            Synopsis = synopsis.Count == 1 ? synopsis[0] : throw new PageException(_page.File, Section("SYNOPSIS").Line, "A synopsis is one paragraph."),
            Description = Text("DESCRIPTION"),
            Examples = [.. Section("EXAMPLES").Split().Select(ReadExample)],
            Parameters = [.. Section("PARAMETERS").Split().Where(part => part.Heading != "CommonParameters").Select(ReadParameter)],
            Inputs = ReadNamed("INPUTS"),
            Outputs = ReadNamed("OUTPUTS"),
            Notes = Text("NOTES"),
            Links = [.. Section("RELATED LINKS").Blocks.SelectMany(block => block.Descendants<LinkInline>()).Select(ReadLink)],
        };
    }

    private PageSection Section(string heading)
    {
        var found = _page.Sections.Where(section => section.Heading == heading).ToList();
        return found.Count == 1
            ? found[0]
            : throw new PageException(_page.File, found.LastOrDefault()?.Line ?? 1, $"There must be one section '{heading}'; there are {found.Count}.");
    }

    private IReadOnlyList<string> Text(string heading)
    {
        var section = Section(heading);
        var text = PlainText.Paragraphs(_page.File, section.Blocks);
        return text.Count > 0 ? text : throw new PageException(_page.File, section.Line, $"The section '{heading}' is empty.");
    }

    private Example ReadExample(PageSection part)
    {
        var title = ExampleTitle().Match(part.Heading);
        if (!title.Success)
        {
            throw new PageException(_page.File, part.Line, "An example is called 'Example <number>: <what it shows>'.");
        }

        return part.Blocks is [FencedCodeBlock { Info: "powershell" } code, ..]
            ? new Example(title.Groups[1].Value, string.Join('\n', PlainText.CodeLines(code)), PlainText.Paragraphs(_page.File, part.Blocks.Skip(1)))
            : throw new PageException(_page.File, part.Line, "An example starts with a block of powershell.");
    }

    private NamedText ReadParameter(PageSection part)
    {
        if (!part.Heading.StartsWith('-'))
        {
            throw new PageException(_page.File, part.Line, $"A parameter is written with its dash: '-{part.Heading}'.");
        }

        // The block of facts is generated, for those who read the page itself.
        var words = part.Blocks.Where(block => block is not FencedCodeBlock { Info: "yaml" });
        return new NamedText(part.Heading[1..], PlainText.Paragraphs(_page.File, words), part.Line);
    }

    private IReadOnlyList<NamedText> ReadNamed(string heading) =>
        [.. Section(heading).Split().Select(part => new NamedText(part.Heading, PlainText.Paragraphs(_page.File, part.Blocks), part.Line))];

    private static RelatedLink ReadLink(LinkInline link) =>
        new(PlainText.Of(link), link.Url?.Contains("://", StringComparison.Ordinal) == true ? link.Url : "");

    [GeneratedRegex("^Example [0-9]+: (.+)$")]
    private static partial Regex ExampleTitle();
}
