using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace OptimoveDC.Help.Pages;

/// <summary>A page as sections: what stands below each heading of the second level.</summary>
internal sealed class MarkdownPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().Build();

    private readonly List<PageSection> _sections = [];

    private MarkdownPage(string file, string title)
    {
        File = file;
        Title = title;
    }

    /// <summary>The file's name.</summary>
    internal string File { get; }

    /// <summary>The heading of the first level.</summary>
    internal string Title { get; }

    internal IReadOnlyList<PageSection> Sections => _sections;

    /// <summary>Reads a page.</summary>
    /// <exception cref="PageException">It doesn't start with a title, or has text above its first section.</exception>
    internal static MarkdownPage Read(string file)
    {
        var blocks = Markdown.Parse(System.IO.File.ReadAllText(file), Pipeline).Where(block => block is not YamlFrontMatterBlock).ToList();
        if (blocks.FirstOrDefault() is not HeadingBlock { Level: 1 } title)
        {
            throw new PageException(file, 1, "A page starts with its title.");
        }

        var page = new MarkdownPage(file, PlainText.Of(title.Inline));
        foreach (var block in blocks.Skip(1))
        {
            if (block is HeadingBlock { Level: 2 } heading)
            {
                page._sections.Add(new PageSection(file, PlainText.Of(heading.Inline), heading.Line + 1));
            }
            else if (page._sections.Count == 0)
            {
                throw new PageException(file, block.Line + 1, "There is text above the first section.");
            }
            else
            {
                page._sections[^1].Add(block);
            }
        }

        return page;
    }
}
