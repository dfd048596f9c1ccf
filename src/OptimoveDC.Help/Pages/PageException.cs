namespace OptimoveDC.Help.Pages;

/// <summary>A page is not in the form that help is made of. The message starts as a compiler's does, so that a build shows it where it is.</summary>
internal sealed class PageException(string file, int line, string reason)
    : Exception($"{file}({line}): error HELP001: {reason}");
