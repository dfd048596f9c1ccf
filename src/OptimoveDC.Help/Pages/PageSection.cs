using Markdig.Syntax;

namespace OptimoveDC.Help.Pages;

/// <summary>A section of a page, with what stands below its heading.</summary>
internal sealed class PageSection(string file, string heading, int line)
{
    private readonly List<Block> _blocks = [];

    internal string File => file;

    internal string Heading => heading;

    internal int Line => line;

    internal IReadOnlyList<Block> Blocks => _blocks;

    internal void Add(Block block) => _blocks.Add(block);

    /// <summary>The parts below headings of the third level.</summary>
    /// <exception cref="PageException">There is something above the first of them.</exception>
    internal IReadOnlyList<PageSection> Split()
    {
        var parts = new List<PageSection>();
        foreach (var block in _blocks)
        {
            if (block is HeadingBlock { Level: 3 } heading)
            {
                parts.Add(new PageSection(File, PlainText.Of(heading.Inline), heading.Line + 1));
            }
            else if (parts.Count == 0)
            {
                throw new PageException(File, block.Line + 1, $"'{Heading}' has text above its first item.");
            }
            else
            {
                parts[^1].Add(block);
            }
        }

        return parts;
    }
}
