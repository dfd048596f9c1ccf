using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Bodies of answers. Each that has words also repeats the keys of the request, as a careless proxy might.</summary>
internal static class AnswerBody
{
    /// <summary>What the service says; an error must repeat it.</summary>
    internal const string Words = "told you so";

    internal const string JsonType = "Content-Type: application/json";
    internal const string PageType = "Content-Type: text/html; charset=utf-8";
    internal const string TextType = "Content-Type: text/plain";

    internal static byte[] Json(int status, string echo) =>
        Utf8(string.Create(CultureInfo.InvariantCulture, $$"""{"status":{{status}},"error":"Whatever","message":"{{Words}}: {{echo}}"}"""));

    internal static byte[] Text(string echo) => Utf8($"{Words}: {echo}");

    internal static byte[] Page(string echo) =>
        Utf8($"<!doctype html><html><head><title>Gateway</title><style>p {{ color: red }}</style></head><body><p>{Words}</p><pre>{echo}</pre></body></html>");

    /// <summary>A success that counts some records, under the name that the request's answer has for it.</summary>
    internal static byte[] Counted(ReceivedRequest request, string count) =>
        Utf8($$"""{"status":"success","{{request.Path[(request.Path.LastIndexOf('/') + 1)..].Replace("_data", "d_records", StringComparison.Ordinal)}}":{{count}},"data_connection_uuid":"{{MatrixFault.CreatedId}}"}""");

    internal static byte[] Failed(string status, string echo) => Utf8($$"""{"status":"{{status}}","message":"{{Words}}: {{echo}}"}""");

    internal static byte[] Gzip(byte[] bytes) => Compressed(bytes, target => new GZipStream(target, CompressionLevel.Fastest));

    internal static byte[] Deflate(byte[] bytes) => Compressed(bytes, target => new ZLibStream(target, CompressionLevel.Fastest));

    internal static byte[] Brotli(byte[] bytes) => Compressed(bytes, target => new BrotliStream(target, CompressionLevel.Fastest));

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Compressed(byte[] bytes, Func<Stream, Stream> open)
    {
        using var target = new MemoryStream();
        using (var stream = open(target))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }
}
