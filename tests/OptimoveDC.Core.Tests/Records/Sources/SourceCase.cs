using System.IO.Compression;
using System.Text;
using OptimoveDC.Core.Records.Files;

namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>A file as somebody may have it, and what has to come of it.</summary>
internal sealed record SourceCase(string Title, string File, byte[] Bytes)
{
    internal FileLayout Layout { get; init; } = new() { KeyProperty = "user_id" };

    /// <summary>The records that arrive.</summary>
    internal IReadOnlyList<string> Arrives { get; init; } = [];

    /// <summary>The records that are rejected: their lines, and a part of each reason.</summary>
    internal IReadOnlyList<(long Line, string Reason)> Rejects { get; init; } = [];

    /// <summary>Why the source is refused, or not read to its end; null when it is. Without a line, the file as a whole is meant.</summary>
    internal (long? Line, string Reason)? Refusal { get; init; }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    internal static SourceCase Read(string title, string file, byte[] bytes, params string[] arrives) => new(title, file, bytes) { Arrives = arrives };

    internal static SourceCase Read(string title, string file, string text, params string[] arrives) => Read(title, file, Utf8(text), arrives);

    internal static SourceCase Reject(string title, string file, string text, long line, string reason, params string[] arrives) =>
        new(title, file, Utf8(text)) { Rejects = [(line, reason)], Arrives = arrives };

    internal static SourceCase Refuse(string title, string file, byte[] bytes, long? line, string reason) => new(title, file, bytes) { Refusal = (line, reason) };

    internal static SourceCase Refuse(string title, string file, string text, long? line, string reason) => Refuse(title, file, Utf8(text), line, reason);
}
