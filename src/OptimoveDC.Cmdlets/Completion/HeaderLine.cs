using System.Text;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>The first line of delimited text, taken apart.</summary>
internal static class HeaderLine
{
    private static readonly char[] Delimiters = ['\t', ',', ';', '|'];

    /// <summary>The fields of the first line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What stands between them; null for whatever the line has most of.</param>
    internal static List<string> Split(string text, char? delimiter)
    {
        var between = delimiter ?? MostUsed(text);
        var fields = new List<string>();
        var field = new StringBuilder();
        foreach (var (character, isQuoted) in FirstLine(text))
        {
            if (character == between && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static char MostUsed(string text)
    {
        var counts = new int[Delimiters.Length];
        foreach (var (character, isQuoted) in FirstLine(text))
        {
            if (!isQuoted && Array.IndexOf(Delimiters, character) is >= 0 and var found)
            {
                counts[found]++;
            }
        }

        return counts.Max() == 0 ? ',' : Delimiters[Array.IndexOf(counts, counts.Max())];
    }

    // Without the quotes, but for a doubled one within them.
    private static IEnumerable<(char Character, bool IsQuoted)> FirstLine(string text)
    {
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (isQuoted && at + 1 < text.Length && text[at + 1] == '"')
                {
                    yield return (text[at++], true);
                    continue;
                }

                isQuoted = !isQuoted;
            }
            else if (text[at] is '\r' or '\n' && !isQuoted)
            {
                yield break;
            }
            else
            {
                yield return (text[at], isQuoted);
            }
        }
    }
}
