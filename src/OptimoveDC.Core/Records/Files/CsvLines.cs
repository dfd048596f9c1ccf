namespace OptimoveDC.Core.Records.Files;

/// <summary>Counts the lines of a file that a record spans, line breaks within quotes included.</summary>
internal static class CsvLines
{
    /// <summary>How many line breaks a raw record has: LF, CRLF or CR.</summary>
    internal static int Count(ReadOnlySpan<char> raw)
    {
        // Nearly every record has one break, and that at its end.
        var first = raw.IndexOfAny('\r', '\n');
        if (first < 0 || first == raw.Length - 1 || (first == raw.Length - 2 && raw[first] == '\r' && raw[^1] == '\n'))
        {
            return first < 0 ? 0 : 1;
        }

        var lineFeeds = raw.Count('\n');
        var returns = raw.Count('\r');
        if (returns == 0)
        {
            return lineFeeds;
        }

        var pairs = 0;
        for (var at = raw.IndexOf("\r\n"); at >= 0; at = raw.IndexOf("\r\n"))
        {
            pairs++;
            raw = raw[(at + 2)..];
        }

        return lineFeeds + returns - pairs;
    }

    /// <summary>Whether a raw record is nothing but its line break.</summary>
    internal static bool IsBlank(ReadOnlySpan<char> raw) => raw.Length <= 2 && raw.Trim("\r\n").IsEmpty;
}
