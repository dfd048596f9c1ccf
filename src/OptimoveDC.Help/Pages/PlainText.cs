using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace OptimoveDC.Help.Pages;

/// <summary>Markdown as the plain text that a terminal shows.</summary>
internal static class PlainText
{
    /// <summary>A line of text, its marks taken away.</summary>
    internal static string Of(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        for (var inline = inlines?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline { IsHard: true } => "\n",
                LineBreakInline => " ",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                AutolinkInline address => address.Url,
                LinkInline link when link.Url?.Contains("://", StringComparison.Ordinal) == true => $"{Of(link)} ({link.Url})",
                ContainerInline container => Of(container),
                _ => throw new NotSupportedException($"Help can't show '{inline.GetType().Name}'."),
            });
        }

        return text.ToString();
    }

    /// <summary>Blocks as paragraphs: an item of a list is one, and so is a block of code.</summary>
    /// <exception cref="PageException">There is a block that help can't show.</exception>
    internal static IReadOnlyList<string> Paragraphs(string file, IEnumerable<Block> blocks)
    {
        var paragraphs = new List<string>();
        foreach (var block in blocks)
        {
            switch (block)
            {
                case ParagraphBlock paragraph:
                    paragraphs.Add(Of(paragraph.Inline));
                    break;
                case ListBlock list:
                    paragraphs.AddRange(Items(file, list));
                    break;
                case FencedCodeBlock code:
                    paragraphs.Add(string.Join('\n', CodeLines(code).Select(line => "    " + line)));
                    break;
                default:
                    throw new PageException(file, block.Line + 1, $"Help can't show a '{block.GetType().Name}' here.");
            }
        }

        return paragraphs;
    }

    internal static IEnumerable<string> CodeLines(FencedCodeBlock code) =>
        Enumerable.Range(0, code.Lines.Count).Select(index => code.Lines.Lines[index].Slice.ToString());

    private static IEnumerable<string> Items(string file, ListBlock list)
    {
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.Cast<ListItemBlock>())
        {
            var mark = list.IsOrdered ? $"{number++}. " : "- ";
            yield return mark + string.Join("\n  ", Paragraphs(file, item));
        }
    }
}
