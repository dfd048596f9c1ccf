namespace OptimoveDC.Help.Pages;

/// <summary>A link to what else is worth reading.</summary>
/// <param name="Text">What is there.</param>
/// <param name="Address">Its address; empty for another topic of the help.</param>
internal sealed record RelatedLink(string Text, string Address);
