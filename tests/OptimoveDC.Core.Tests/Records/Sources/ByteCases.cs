using System.Text;
using OptimoveDC.Core.Records.Files;
using static OptimoveDC.Core.Tests.Records.Sources.SourceCase;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Files whose bytes are not what they should be: encodings, gzip, and what is no text at all.</summary>
internal static class ByteCases
{
    private const string City = "user_id,v\n1,Köln €\n";
    private const string Arrived = """{"user_id":"1","v":"Köln €"}""";

    internal static IEnumerable<SourceCase> All =>
    [
        Refuse("windows-1252 taken for UTF-8", "a.csv", Encode("windows-1252", "user_id,v\n1,a\n2,b\n3,Köln\n4,d\n"), 4, "the byte 0xF6 is no text in the encoding UTF-8"),
        Refuse("windows-1252 in a JSON array", "a.json", Encode("windows-1252", "[{\"user_id\":\"1\"},\n\n{\"user_id\":\"Köln\"}]"), 3, "the byte 0xF6 is no text in the encoding UTF-8"),
        Refuse("windows-1252 in NDJSON", "a.ndjson", Encode("windows-1252", "{\"user_id\":\"1\"}\n{\"user_id\":\"Köln\"}\n"), 2, "-Encoding"),
        Refuse("UTF-8 cut within a character", "a.csv", [.. Utf8("user_id,v\n1,K"), 0xC3], 2, "no text in the encoding UTF-8"),
        Refuse("UTF-8 cut within a character of NDJSON", "a.ndjson", [.. Utf8("{\"user_id\":\"1\"}\n{\"user_id\":\"K"), 0xE2, 0x82], 2, "no text in the encoding UTF-8"),
        Refuse("half a character in UTF-8", "a.csv", [.. Utf8("user_id,v\n1,"), 0xED, 0xA0, 0x80, (byte)'\n'], 2, "no text in the encoding UTF-8"),
        Refuse("an overlong slash in UTF-8", "a.csv", [.. Utf8("user_id,v\n1,"), 0xC0, 0xAF, (byte)'\n'], 2, "no text in the encoding UTF-8"),
        Refuse("a character that ASCII doesn't have", "a.csv", "user_id,v\n1,a\n2,Köln\n", 3, "no text in the encoding us-ascii") with { Layout = Layout("us-ascii") },
        Refuse("UTF-16 of an odd number of bytes", "a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("user_id,v\n1,a\n"), 0x41], 3, "no text in the encoding utf-16"),
        Refuse("half a character in UTF-16", "a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("user_id,v\n1,a\n2,"), 0x3D, 0xD8, .. Encoding.Unicode.GetBytes("\n")], 3, "no text in the encoding utf-16"),
        Refuse("UTF-16 without a mark", "a.csv", Encoding.Unicode.GetBytes("user_id,v\n1,a\n"), 1, "try -Encoding utf-16"),
        Refuse("a mark against -Encoding", "a.csv", Encode("utf-8", "\uFEFF" + City), null, "its byte-order mark says utf-8, -Encoding says windows-1252") with { Layout = Layout("windows-1252") },
        Refuse("a mark of the other byte order", "a.csv", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(City)], null, "its byte-order mark says utf-16BE, -Encoding says utf-16") with { Layout = Layout("utf-16") },
        Read("a mark that agrees with -Encoding", "a.csv", Encode("utf-8", "\uFEFF" + City), Arrived) with { Layout = Layout("utf8") },
        Read("UTF-16 with a mark", "a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(City)], Arrived),
        Read("UTF-16 without a mark, named", "a.csv", Encoding.Unicode.GetBytes(City), Arrived) with { Layout = Layout("unicode") },
        Read("UTF-16 JSON with a mark", "a.json", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes($"[{Arrived}]")], Arrived),
        Read("UTF-32 with a mark", "a.csv", [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(City)], Arrived),
        Read("NDJSON with a mark", "a.ndjson", "\uFEFF" + Arrived, Arrived),
        Read("windows-1252 by name", "a.csv", Encode("windows-1252", City), Arrived) with { Layout = Layout("windows-1252") },
        Read("windows-1252 by code page", "a.csv", Encode("windows-1252", City), Arrived) with { Layout = Layout("1252") },
        Read("windows-1252 in NDJSON, named", "a.ndjson", Encode("windows-1252", Arrived), Arrived) with { Layout = Layout("windows-1252") },
        Read("Shift-JIS", "a.csv", Encode("shift_jis", "user_id,v\n1,東京ソ\n"), """{"user_id":"1","v":"東京ソ"}""") with { Layout = Layout("shift_jis") },
        Read("an Excel export: semicolons and windows-1252", "a.csv", Encode("windows-1252", "user_id;v\r\n1;\"Köln; 1,50 €\"\r\n"), """{"user_id":"1","v":"Köln; 1,50 €"}""") with { Layout = Layout("windows-1252") with { Delimiter = ';' } },
        Read("gzip with another name", "a.csv", Gzip(Utf8(City)), Arrived),
        Read("gzip of NDJSON", "a.ndjson.gz", Gzip(Utf8(Arrived)), Arrived),
        Read("gzip of a JSON array", "a.json.gz", Gzip(Utf8($"[{Arrived}]")), Arrived),
        Read("gzip of tabs", "a.tsv.gz", Gzip(Utf8("user_id\tv\n1\tKöln €\n")), Arrived),
        Read("gzip in two members", "a.csv.gz", [.. Gzip(Utf8("user_id,v\n")), .. Gzip(Utf8("1,Köln €\n"))], Arrived),
        Read("named gz, and unpacked", "a.csv.gz", City, Arrived),
        Refuse("gzip cut short", "a.csv.gz", Gzip(Utf8("user_id,v\n" + string.Concat(Enumerable.Range(0, 5_000).Select(n => $"{n},{n * 7919}\n"))))[..^20], null, "EOF"),
        Refuse("gzip with a flipped bit", "a.csv.gz", Flip(Gzip(Utf8("user_id,v\n" + string.Concat(Enumerable.Range(0, 5_000).Select(n => $"{n},{n * 7919}\n"))))), null, ""),
        Refuse("gzip within gzip", "a.csv.gz", Gzip(Gzip(Utf8(City))), null, "within the gzip file it is a gzip file within a gzip file"),
        Refuse("an Excel workbook", "a.csv", [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], null, "Excel workbook"),
        Refuse("a zstd file", "a.csv", [0x28, 0xB5, 0x2F, 0xFD, 0x00], null, "zstd"),
        Refuse("a Parquet file", "a.csv", "PAR1\0\0", null, "Parquet"),
        Refuse("gzip of nothing", "a.csv.gz", Gzip([]), null, "it is empty"),
    ];

    private static FileLayout Layout(string encoding) => new() { KeyProperty = "user_id", Encoding = TextEncoding.Find(encoding) };

    private static byte[] Encode(string encoding, string text) => TextEncoding.Find(encoding).GetBytes(text);

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }
}
