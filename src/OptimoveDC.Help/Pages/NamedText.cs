namespace OptimoveDC.Help.Pages;

/// <summary>What a page says about one thing that has a name: a parameter, a type of input or output.</summary>
/// <param name="Name">The name, a parameter's without its dash.</param>
/// <param name="Paragraphs">The text.</param>
/// <param name="Line">Where it stands in the page.</param>
internal sealed record NamedText(string Name, IReadOnlyList<string> Paragraphs, int Line);
