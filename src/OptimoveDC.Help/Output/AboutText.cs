using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using OptimoveDC.Help.Pages;

namespace OptimoveDC.Help.Output;

/// <summary>An about topic as the plain text that Get-Help shows as it is.</summary>
internal static class AboutText
{
    private const int Width = 76;

    /// <summary>Renders a topic. Its first section has to be the short description, which is its synopsis.</summary>
    /// <exception cref="PageException">It is not, or there is a block that plain text can't show.</exception>
    internal static string Render(MarkdownPage page)
    {
        if (page.Sections is not [{ Heading: "Short description" }, ..])
        {
            throw new PageException(page.File, 1, "A topic starts with its 'Short description'.");
        }

        var text = new StringBuilder();
        text.Append("TOPIC\n    ").Append(page.Title).Append('\n');

        // The engine takes the line below the first heading for the synopsis: it has to be all of it.
        text.Append("\nSHORT DESCRIPTION\n    ").AppendJoin(' ', PlainText.Paragraphs(page.File, page.Sections[0].Blocks)).Append('\n');
        foreach (var section in page.Sections.Skip(1))
        {
            text.Append('\n').Append(section.Heading.ToUpperInvariant()).Append('\n');
            var first = true;
            foreach (var block in section.Blocks)
            {
                text.Append(first ? "" : "\n");
                first = false;
                Render(page.File, block, text);
            }
        }

        return text.ToString();
    }

    private static void Render(string file, Block block, StringBuilder text)
    {
        switch (block)
        {
            case HeadingBlock heading:
                text.Append("  ").Append(PlainText.Of(heading.Inline)).Append('\n');
                break;
            case FencedCodeBlock code:
                foreach (var line in PlainText.CodeLines(code))
                {
                    text.Append(line.Length > 0 ? "        " : "").Append(line).Append('\n');
                }

                break;
            case Table table:
                foreach (var row in table.Cast<TableRow>().Where(row => !row.IsHeader))
                {
                    Wrap(string.Join(": ", row.Cast<TableCell>().SelectMany(cell => PlainText.Paragraphs(file, cell))), "    ", "        ", text);
                }

                break;
            case ListBlock:
                foreach (var item in PlainText.Paragraphs(file, [block]))
                {
                    Wrap(item.Replace("\n  ", " ", StringComparison.Ordinal), "    ", "      ", text);
                }

                break;
            default:
                foreach (var paragraph in PlainText.Paragraphs(file, [block]))
                {
                    Wrap(paragraph, "    ", "    ", text);
                }

                break;
        }
    }

    private static void Wrap(string paragraph, string indent, string hanging, StringBuilder text)
    {
        var line = new StringBuilder(indent);
        var empty = true;
        foreach (var word in paragraph.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append(hanging);
                empty = true;
            }

            line.Append(empty ? "" : " ").Append(word);
            empty = false;
        }

        text.Append(line).Append('\n');
    }
}
