using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace OptimoveDC.Cmdlets.Completion;

/// <summary>Looks at the first bytes of a file for the names of its columns. It never reads on, however large the file is.</summary>
internal static class FileHead
{
    private const int MostBytes = 1 << 16;

    /// <summary>The columns; none when the file has no header that could be shown.</summary>
    internal static IReadOnlyList<string> ReadColumns(string path, string? delimiter)
    {
        // A pipe or a device has no length, and looking at it would take something out of it.
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return [];
        }

        var head = ReadHead(path);
        using var reader = new StreamReader(new MemoryStream(head), new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        var text = WholeLines(Decode(reader), isWhole: head.Length < MostBytes);
        if (text.Contains('\0'))
        {
            return [];
        }

        var first = text.TrimStart();
        return first.StartsWith('{') || first.StartsWith('[') ? ReadObject(first) : [.. HeaderLine.Split(text, delimiter is [var one] ? one : null).Where(IsShowable).Distinct()];
    }

    private static byte[] ReadHead(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var mark = new byte[2];
        file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        file.Position = 0;
        using Stream content = mark is [0x1F, 0x8B] ? new GZipStream(file, CompressionMode.Decompress) : file;
        var head = new byte[MostBytes];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head[..length];
    }

    // The last character may be cut in two; what comes before it is enough.
    private static string Decode(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            for (var read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
            {
                text.Append(buffer, 0, read);
            }
        }
        catch (DecoderFallbackException) when (text.Length > 0)
        {
        }

        return text.ToString();
    }

    private static string WholeLines(string text, bool isWhole) =>
        isWhole ? text : text[..(text.LastIndexOf('\n') + 1)];

    // The first object, of a list or of lines; what is cut off is not needed.
    private static List<string> ReadObject(string text)
    {
        var names = new List<string>();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isFinalBlock: false, default);
        var depth = text.StartsWith('[') ? 2 : 1;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == depth - 1))
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == depth)
            {
                names.Add(json.GetString()!);
            }
        }

        return names;
    }

    private static bool IsShowable(string name) => !string.IsNullOrWhiteSpace(name) && !name.Any(char.IsControl);
}
