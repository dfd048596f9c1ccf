namespace OptimoveDC.Help.Output;

/// <summary>The words about the two parameters that every cmdlet has that changes something.</summary>
internal static class ShouldProcessText
{
    /// <summary>The text; null for any other parameter.</summary>
    internal static IReadOnlyList<string>? For(string parameter) => parameter switch
    {
        "WhatIf" => ["Shows what would be done. Nothing is sent or changed."],
        "Confirm" => ["Asks before anything is done. With -Confirm:$false nothing is asked, as an unattended script needs it."],
        _ => null,
    };
}
