using System.Text;

namespace OptimoveDC.Core.Records.Files;

/// <summary>The encodings that text files come in, and the marks that name them.</summary>
public static class TextEncoding
{
    // A byte that its encoding can't mean stops the reading: a replacement character would change a value in silence.
    private static readonly (byte[] Mark, Encoding Encoding)[] ByteOrderMarks =
    [
        ([0xEF, 0xBB, 0xBF], new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
        ([0xFF, 0xFE, 0x00, 0x00], new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0x00, 0x00, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0xFF, 0xFE], new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        ([0xFE, 0xFF], new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
    ];

    /// <summary>UTF-8, which a file without a mark is taken for.</summary>
    internal static Encoding Utf8 => ByteOrderMarks[0].Encoding;

    /// <summary>Finds an encoding by its name (<c>windows-1252</c>), as the shell calls it (<c>utf8</c>, <c>ansi</c>), or by its code page.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such encoding.</exception>
    public static Encoding Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var culture = System.Globalization.CultureInfo.CurrentCulture.TextInfo;
        return name.Trim().ToUpperInvariant() switch
        {
            "UTF8" or "UTF8BOM" or "UTF8NOBOM" => Utf8,
            "UNICODE" or "UTF16" => Find(1200),
            "BIGENDIANUNICODE" => Find(1201),
            "UTF32" => Find(12000),
            "BIGENDIANUTF32" => Find(12001),
            "ANSI" => Find(culture.ANSICodePage),
            "OEM" => Find(culture.OEMCodePage),
            "UTF7" or "UTF-7" => throw new ArgumentException("UTF-7 is not read: it is no encoding of files."),
            var digits when int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var codePage) => Find(codePage),
            _ => Find(() => CodePagesEncodingProvider.Instance.GetEncoding(name.Trim()) ?? Encoding.GetEncoding(name.Trim()), name),
        };
    }

    /// <summary>The same encoding, throwing at bytes that it can't mean.</summary>
    internal static Encoding Strict(Encoding encoding)
    {
        if (Array.Find(ByteOrderMarks, marked => marked.Encoding.CodePage == encoding.CodePage).Encoding is { } known)
        {
            return known;
        }

        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    /// <summary>Decides what a file is in: what its mark says, else what the user says, else UTF-8.</summary>
    /// <returns>The encoding, and how many bytes its mark takes.</returns>
    /// <exception cref="SourceException">The mark and the user name different encodings.</exception>
    internal static (Encoding Encoding, int MarkLength) Decide(string path, ReadOnlySpan<byte> head, Encoding? named)
    {
        foreach (var (mark, encoding) in ByteOrderMarks)
        {
            if (head.StartsWith(mark))
            {
                return named is null || named.CodePage == encoding.CodePage
                    ? (encoding, mark.Length)
                    : throw new SourceException(
                        path,
                        null,
                        $"its byte-order mark says {encoding.WebName}, -Encoding says {named.WebName}; leave -Encoding out and the mark decides");
            }
        }

        return (named is null ? Utf8 : Strict(named), 0);
    }

    private static Encoding Find(int codePage) =>
        Find(() => CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage), codePage.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static Encoding Find(Func<Encoding> find, string name)
    {
        try
        {
            return find();
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"There is no encoding '{name}'. Use a name such as utf-8, utf-16, windows-1252 or latin1, or the number of a code page.", exception);
        }
    }
}
