using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace OptimoveDC.Core.Records.Files;

/// <summary>A text file as it lies on disk: plain or gzip, in the encoding that its byte-order mark names, UTF-8 otherwise.</summary>
internal sealed class TextFile : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    // A byte that its encoding can't mean stops the reading: a replacement character would change a value in silence.
    private static readonly (byte[] Mark, Encoding Encoding)[] ByteOrderMarks =
    [
        ([0xEF, 0xBB, 0xBF], new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
        ([0xFF, 0xFE, 0x00, 0x00], new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0x00, 0x00, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0xFF, 0xFE], new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        ([0xFE, 0xFF], new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
    ];

    private readonly FileStream _file;

    private TextFile(FileStream file, TextReader reader)
    {
        _file = file;
        Reader = reader;
    }

    internal TextReader Reader { get; }

    internal long? TotalBytes => _file.CanSeek ? _file.Length : null;

    internal long BytesRead => _file.CanSeek ? _file.Position : 0;

    /// <summary>Opens a file and looks at its first bytes.</summary>
    /// <exception cref="SourceException">It isn't there, may not be read, or is a directory.</exception>
    internal static async Task<TextFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new SourceException(path, null, "it is a directory; name the files in it, for instance with *.csv");
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan);
            return new TextFile(file, await OpenTextAsync(file, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or SharpZipBaseException)
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }

            throw new SourceException(path, null, $"it can't be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<TextReader> OpenTextAsync(FileStream file, CancellationToken cancellationToken)
    {
        var raw = await PeekedStream.PeekAsync(file, 2, cancellationToken).ConfigureAwait(false);

        // The framework's own GZipStream takes a file that was cut short for one that ended there.
        Stream content = raw.Head.SequenceEqual<byte>([0x1F, 0x8B]) ? new GZipInputStream(raw, BufferSize) : raw;
        var text = await PeekedStream.PeekAsync(content, 4, cancellationToken).ConfigureAwait(false);
        var encoding = ByteOrderMarks[0].Encoding;
        foreach (var (mark, marked) in ByteOrderMarks)
        {
            if (text.Head.StartsWith(mark))
            {
                encoding = marked;
                await text.ReadExactlyAsync(new byte[mark.Length], cancellationToken).ConfigureAwait(false);
                break;
            }
        }

        return new StreamReader(text, encoding, detectEncodingFromByteOrderMarks: false, BufferSize);
    }
}
