namespace OptimoveDC.Help.Pages;

/// <summary>The words about one cmdlet. What is fact (types, defaults, aliases, parameter sets) comes from the cmdlet itself.</summary>
internal sealed class CmdletPage
{
    /// <summary>The file, for messages.</summary>
    internal required string File { get; init; }

    /// <summary>The cmdlet's name.</summary>
    internal required string Name { get; init; }

    /// <summary>One sentence.</summary>
    internal required string Synopsis { get; init; }

    internal required IReadOnlyList<string> Description { get; init; }

    internal required IReadOnlyList<Example> Examples { get; init; }

    internal required IReadOnlyList<NamedText> Parameters { get; init; }

    internal required IReadOnlyList<NamedText> Inputs { get; init; }

    internal required IReadOnlyList<NamedText> Outputs { get; init; }

    internal required IReadOnlyList<string> Notes { get; init; }

    internal required IReadOnlyList<RelatedLink> Links { get; init; }
}
