using System.Text;
using System.Text.RegularExpressions;
using Sylvan.Data.Csv;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>
/// Reads delimited text by one regular expression, field after field, over bytes taken for characters: strict where the
/// product is, and with lines. A library reads it too.
/// </summary>
internal static class CsvWitness
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file behind its byte-order mark, and behind the line that names its separator.</summary>
    internal static Expectation Read(byte[] utf8, char delimiter, long firstLine)
    {
        string[]? header = null;
        var key = -1;
        var rows = new List<ExpectedRow>();
        foreach (var (line, fields, refusal) in Rows(utf8, delimiter, firstLine))
        {
            if (refusal is not null)
            {
                return Expectation.Refused(refusal, rows);
            }

            if (header is null)
            {
                header = fields!;
                key = KeyOf(header);
                if (key < 0)
                {
                    return Expectation.Refused(line, rows);
                }
            }
            else if (fields!.Length != header.Length || string.IsNullOrWhiteSpace(fields[key]))
            {
                rows.Add(new ExpectedRow(line, null, null));
            }
            else
            {
                var value = string.Concat(header.Zip(fields, (name, field) => $"{PlainJson.OfText(name)}:{PlainJson.OfText(field)},"));
                rows.Add(new ExpectedRow(line, PlainJson.OfText(fields[key]), $"{{{value}}}"));
            }
        }

        return header is null ? Expectation.Refused() : new Expectation { Rows = rows };
    }

    /// <summary>Whether a library reads the same fields. It takes a carriage return alone for many things, and a line with a hash at its start for a comment: texts with those are not given to it.</summary>
    /// <returns>Null when it won't read the text.</returns>
    internal static bool? LibraryAgrees(byte[] utf8, char delimiter)
    {
        var text = Utf8.GetString(utf8);
        if (Regex.IsMatch(text, "\r(?!\n)|(?:^|\n)#"))
        {
            return null;
        }

        var found = new List<string[]>();
        try
        {
            using var reader = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { HasHeaders = false, Delimiter = delimiter, BufferSize = 1 << 20 });
            while (reader.Read())
            {
                string[] fields = [.. Enumerable.Range(0, reader.RowFieldCount).Select(reader.GetString)];
                if (fields.Length > 1 || fields.Any(field => field.Length > 0))
                {
                    found.Add(fields);
                }
            }
        }
        catch (CsvFormatException)
        {
            return null;
        }

        var expected = Rows(utf8, delimiter, 1).Select(row => row.Fields!).Where(fields => fields.Length > 1 || fields[0].Length > 0);
        return expected.Select(fields => string.Join('\u0001', fields)).SequenceEqual(found.Select(fields => string.Join('\u0001', fields)));
    }

    private static IEnumerable<(long Line, string[]? Fields, long? Refusal)> Rows(byte[] utf8, char delimiter, long line)
    {
        var text = Encoding.Latin1.GetString(utf8);
        var field = new Regex($"\\G(?:\"((?:[^\"]|\"\")*)\"|([^\"{delimiter}\\r\\n][^{delimiter}\\r\\n]*|))({delimiter}|\\r\\n|\\n|\\r|\\z)", RegexOptions.CultureInvariant);
        for (var at = 0; at < text.Length;)
        {
            var (start, within) = (at, 0L);
            var fields = new List<string>();
            var isBlank = true;
            Match match;
            do
            {
                match = field.Match(text, at);
                if (!match.Success)
                {
                    yield return (line, null, line);
                    yield break;
                }

                isBlank &= match.Groups[2] is { Success: true, Length: 0 } && fields.Count == 0;
                within += CountBreaks(match.Groups[1].Value);
                fields.Add(match.Groups[1].Success ? match.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : match.Groups[2].Value);
                at = match.Index + match.Length;
            }
            while (match.Groups[3].Value == delimiter.ToString());

            if (FindBadText(utf8.AsSpan(start, at - start)) is { } bad)
            {
                yield return (line, null, line + CountBreaks(text[start..(start + bad)]));
                yield break;
            }

            if (!isBlank || fields.Count > 1)
            {
                yield return (line, [.. fields.Select(value => Utf8.GetString(Encoding.Latin1.GetBytes(value)))], null);
            }

            line += within + 1;
        }
    }

    private static int? FindBadText(ReadOnlySpan<byte> row)
    {
        var at = 0;
        while (at < row.Length)
        {
            if (Rune.DecodeFromUtf8(row[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return null;
    }

    private static long CountBreaks(string text) => Regex.Count(text, "\r\n|\r|\n");

    private static int KeyOf(string[] header)
    {
        if (header.Any(name => string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal)) || header.Distinct(StringComparer.Ordinal).Count() < header.Length)
        {
            return -1;
        }

        var exact = Array.IndexOf(header, "user_id");
        var similar = header.Count(name => name.Equals("user_id", StringComparison.OrdinalIgnoreCase));
        return exact >= 0 ? exact : similar == 1 ? Array.FindIndex(header, name => name.Equals("user_id", StringComparison.OrdinalIgnoreCase)) : -1;
    }
}
