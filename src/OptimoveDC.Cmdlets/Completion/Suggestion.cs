using System.Management.Automation.Language;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>One thing that could be typed.</summary>
/// <param name="Text">What it is compared with, and listed as.</param>
/// <param name="Replacement">What is put on the line.</param>
/// <param name="ToolTip">What there is to know about it.</param>
internal sealed record Suggestion(string Text, string Replacement, string ToolTip)
{
    /// <summary>A text as an argument: in quotes where the shell would take it apart.</summary>
    internal static string Quote(string text) =>
        text.Length > 0 && char.IsLetter(text[0]) && text.All(static character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
