using System.Text;

namespace OptimoveDC.Core.Records.Files;

/// <summary>Tells by its name and its first characters what a file is written in. The content wins where the two differ.</summary>
internal static class FileContent
{
    private const string SeparatorLine = "sep=";
    private static readonly char[] Delimiters = ['\t', ',', ';', '|'];

    /// <summary>Decides on a format and, for delimited text, on the delimiter.</summary>
    /// <exception cref="SourceException">The file is empty, or not what its name says.</exception>
    internal static (FileFormat Format, char Delimiter) Recognise(TextFile file, char? delimiter)
    {
        var extension = Extension(file.Path);
        var isJsonName = extension is ".json" or ".ndjson" or ".jsonl";
        if (delimiter is { } named)
        {
            return isJsonName
                ? throw new SourceException(file.Path, null, "-Delimiter is for delimited text such as CSV, and the file is named as JSON")
                : (FileFormat.Delimited, named);
        }

        var head = HeadOf(file);
        var start = head.TrimStart();
        if (start.StartsWith('[') && (extension == ".json" || StartsWithObject(start.AsSpan(1))))
        {
            return (FileFormat.JsonArray, default);
        }

        if (extension is ".ndjson" or ".jsonl" || StartsWithObject(start) || (isJsonName && (start.Length == 0 || start[0] == '{')))
        {
            return (FileFormat.JsonLines, default);
        }

        if (isJsonName)
        {
            throw new SourceException(file.Path, 1 + head.AsSpan(0, head.Length - start.Length).Count('\n'), $"the file is named as JSON and begins with '{start[0]}'; JSON begins with '[' or '{{'");
        }

        return (FileFormat.Delimited, extension switch
        {
            ".csv" => Separator(head) ?? ',',
            ".tsv" or ".tab" => '\t',
            _ => Separator(head) ?? MostFrequent(head),
        });
    }

    /// <summary>The line by which a spreadsheet says what its delimiter is, its line break included; empty when there is none.</summary>
    internal static string SeparatorLineOf(TextFile file)
    {
        var head = HeadOf(file);
        return Separator(head) is null ? "" : head[..(head.AsSpan(SeparatorLine.Length + 1).StartsWith("\r\n") ? SeparatorLine.Length + 3 : SeparatorLine.Length + 2)];
    }

    /// <summary>Whether the text looks like one of two bytes a character that nobody said it is.</summary>
    internal static bool LooksLikeUtf16(ReadOnlySpan<byte> head) => head.Length > 1 && (head[0] == 0) != (head[1] == 0);

    private static string HeadOf(TextFile file)
    {
        var lenient = (Encoding)file.Encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        return lenient.GetString(file.Head.Span);
    }

    private static string Extension(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return System.IO.Path.GetExtension(name).ToLowerInvariant();
    }

    // A row of delimited text doesn't begin like this.
    private static bool StartsWithObject(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        if (!text.StartsWith("{"))
        {
            return false;
        }

        text = text[1..].TrimStart();
        return text.StartsWith("\"") || text.StartsWith("}");
    }

    private static char? Separator(string head) =>
        head.StartsWith(SeparatorLine, StringComparison.OrdinalIgnoreCase) && head.Length > 5 && head[5] is '\r' or '\n' && CanSeparate(head[4])
            ? head[4]
            : null;

    // A quotation mark or a line break means something else, and what could not be decoded means nothing.
    private static bool CanSeparate(char character) => character is not ('"' or '\r' or '\n' or '\uFFFD');

    private static char MostFrequent(string head)
    {
        var counts = new int[Delimiters.Length];
        var isQuoted = false;
        foreach (var character in head)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && character is '\r' or '\n')
            {
                break;
            }
            else if (!isQuoted && Array.IndexOf(Delimiters, character) is >= 0 and var delimiter)
            {
                counts[delimiter]++;
            }
        }

        var most = counts.Max();
        return most == 0 ? ',' : Delimiters[Array.IndexOf(counts, most)];
    }
}
