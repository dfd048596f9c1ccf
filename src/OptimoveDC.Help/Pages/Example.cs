namespace OptimoveDC.Help.Pages;

/// <summary>An example of a cmdlet's page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">The commands.</param>
/// <param name="Remarks">What there is to say about them, in paragraphs.</param>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks);
