namespace OptimoveDC.Core.Records;

/// <summary>What text can be sent without losing a character.</summary>
public static class RecordText
{
    /// <summary>Why a text with half a character is refused; JSON would carry a replacement for it.</summary>
    public const string HalfCharacter = "has half a character (an unpaired surrogate), which JSON can't carry";

    /// <summary>The longest record of a file in bytes, and the longest text of an object in characters: 32 Mi, far beyond what a request may have.</summary>
    public const int Longest = 1 << 25;

    /// <summary>Whether a text has no unpaired surrogate.</summary>
    /// <param name="text">The text, whole.</param>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            if (!char.IsHighSurrogate(text[at]) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
            {
                return false;
            }

            text = text[(at + 2)..];
            at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }
}
