using System.IO.Compression;
using System.Text;

namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>Says what must become of a file: unpacks it, finds its encoding and its form, and has the right witness read it.</summary>
internal static class SourceWitness
{
    private const int HeadSize = 4096;

    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], new UTF8Encoding(false, true)),
        ([0xFF, 0xFE, 0, 0], new UTF32Encoding(false, false, true)),
        ([0, 0, 0xFE, 0xFF], new UTF32Encoding(true, false, true)),
        ([0xFF, 0xFE], new UnicodeEncoding(false, false, true)),
        ([0xFE, 0xFF], new UnicodeEncoding(true, false, true)),
    ];

    private static readonly byte[][] Binaries =
    [
        [0x50, 0x4B, 0x03, 0x04], [0xD0, 0xCF, 0x11, 0xE0], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0x42, 0x5A, 0x68, 0x39],
        [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x37, 0x7A, 0xBC, 0xAF], [0x50, 0x41, 0x52, 0x31], [0x25, 0x50, 0x44, 0x46], [0x53, 0x51, 0x4C, 0x69, 0x74, 0x65, 0x20, 0x66],
    ];

    /// <summary>Reads a file.</summary>
    /// <returns>Null where no witness can tell, and only what holds for every file is looked at; and whether a library was asked and agrees.</returns>
    internal static (Expectation? Expected, bool? LibraryAgrees) Read(FuzzInput input)
    {
        var bytes = input.Bytes;
        var name = input.Name;
        if (bytes.AsSpan().StartsWith<byte>([0x1F, 0x8B]))
        {
            if (Unpack(bytes) is not { } unpacked)
            {
                return (null, null);
            }

            bytes = unpacked;
        }

        name = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        if (Binaries.Any(start => bytes.AsSpan().StartsWith(start)))
        {
            return (Expectation.Refused(), null);
        }

        var (mark, encoding) = Marks.FirstOrDefault(marked => bytes.AsSpan().StartsWith(marked.Mark), (Mark: [], Encoding: Marks[0].Encoding));
        var text = bytes[mark.Length..];
        if (encoding is not UTF8Encoding)
        {
            if (bytes.Length > HeadSize)
            {
                return (null, null);
            }

            try
            {
                text = Encoding.UTF8.GetBytes(encoding.GetString(text));
            }
            catch (DecoderFallbackException)
            {
                return (Expectation.Refused(), null);
            }
        }

        return ReadText(Path.GetExtension(name), text, Encoding.UTF8.GetString(text, 0, Math.Min(text.Length, HeadSize - mark.Length)));
    }

    private static (Expectation? Expected, bool? LibraryAgrees) ReadText(string extension, byte[] utf8, string head)
    {
        var start = head.TrimStart();
        if (start.Length == 0 && utf8.Length > head.Length)
        {
            return (null, null);
        }

        var isJsonName = extension is ".json" or ".ndjson";
        if (start.StartsWith('[') && (extension == ".json" || BeginsObject(start[1..])))
        {
            return (JsonWitness.ReadArray(utf8), null);
        }

        if (extension == ".ndjson" || BeginsObject(start))
        {
            // One object alone is refused in a file that isn't named for it: that has tests of its own.
            return (extension == ".ndjson" ? JsonWitness.ReadLines(utf8) : null, null);
        }

        return isJsonName
            ? (start.StartsWith('{') ? null : Expectation.Refused(), null)
            : ReadDelimited(utf8, extension == ".tsv" ? '\t' : ',', isCsv: extension == ".csv");
    }

    private static (Expectation? Expected, bool? LibraryAgrees) ReadDelimited(byte[] utf8, char delimiter, bool isCsv)
    {
        var line = 1;
        if (utf8.AsSpan().StartsWith("sep="u8) || Encoding.Latin1.GetString(utf8).StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            // The commonest form of that line; the others have tests of their own.
            var rest = utf8.AsSpan(Math.Min(5, utf8.Length));
            var length = rest.StartsWith("\r\n"u8) ? 2 : rest.StartsWith("\n"u8) ? 1 : 0;
            if (length == 0 || utf8[4] is not ((byte)';' or (byte)',' or (byte)'\t' or (byte)'|'))
            {
                return (null, null);
            }

            delimiter = isCsv ? (char)utf8[4] : delimiter;
            utf8 = utf8[(5 + length)..];
            line = 2;
        }

        var expected = CsvWitness.Read(utf8, delimiter, line);
        return (expected, expected.IsRefused ? null : CsvWitness.LibraryAgrees(utf8, delimiter));
    }

    private static bool BeginsObject(string text)
    {
        text = text.TrimStart();
        return text.StartsWith('{') && text[1..].TrimStart() is var rest && (rest.StartsWith('"') || rest.StartsWith('}'));
    }

    private static byte[]? Unpack(byte[] bytes)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var unpacked = new MemoryStream();
            gzip.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
