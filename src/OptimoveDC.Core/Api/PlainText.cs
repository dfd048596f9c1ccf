using System.Net;
using System.Text.RegularExpressions;

namespace OptimoveDC.Core.Api;

/// <summary>Makes a readable line of a proxy's HTML page.</summary>
internal static partial class PlainText
{
    internal static string FromMarkup(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("<"))
        {
            return WhiteSpace().Replace(text, " ");
        }

        try
        {
            var seen = Unseen().Replace(text, " ");
            return WhiteSpace().Replace(WebUtility.HtmlDecode(Tag().Replace(seen, " ")), " ");
        }
        catch (RegexMatchTimeoutException)
        {
            // A page made to be slow to read is shown as it is.
            return text;
        }
    }

    [GeneratedRegex("<(script|style)[^>]*>.*?</\\1>|<!--.*?-->", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 500)]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+", RegexOptions.None, matchTimeoutMilliseconds: 500)]
    private static partial Regex WhiteSpace();
}
