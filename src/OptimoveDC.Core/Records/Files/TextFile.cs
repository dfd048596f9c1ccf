using System.Text;
using ICSharpCode.SharpZipLib;

namespace OptimoveDC.Core.Records.Files;

/// <summary>A text file as it lies on disk, or comes out of a pipe: plain or gzip, its encoding known, its head looked at.</summary>
internal sealed class TextFile : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;
    private const int HeadSize = 4096;

    private readonly FileStream _file;

    private TextFile(string path, FileStream file, Stream content, Encoding encoding, byte[] head)
    {
        Path = path;
        _file = file;
        Utf8 = encoding is UTF8Encoding ? content : new TranscodedStream(content, encoding);
        Encoding = encoding;
        Head = head;
    }

    internal string Path { get; }

    /// <summary>
    /// The text as UTF-8, unpacked and behind the byte-order mark. A file in UTF-8 is not checked here; one in another
    /// encoding is, and its reading throws <see cref="UndecodableTextException"/>.
    /// </summary>
    internal Stream Utf8 { get; }

    internal Encoding Encoding { get; }

    /// <summary>The first bytes of the text in its own encoding, which are still to be read.</summary>
    internal ReadOnlyMemory<byte> Head { get; }

    internal long? TotalBytes => _file.CanSeek ? _file.Length : null;

    internal long BytesRead => _file.CanSeek ? _file.Position : 0;

    /// <summary>Opens a file and looks at its first bytes.</summary>
    /// <exception cref="SourceException">It isn't there, may not be read, is a directory, or is no text.</exception>
    internal static async Task<TextFile> OpenAsync(string path, Encoding? encoding, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new SourceException(path, null, "it is a directory; name the files in it, for instance with *.csv");
        }

        FileStream? file = null;
        try
        {
            file = await OpenStreamAsync(path, cancellationToken).ConfigureAwait(false);
            return await OpenTextAsync(path, file, encoding, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }

            if (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or SharpZipBaseException)
            {
                throw new SourceException(path, null, $"it can't be read: {exception.Message.TrimEnd('.')}", exception);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Utf8.DisposeAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    // A pipe without a writer makes whoever opens it wait: somebody else waits, so that a stop is heard.
    private static async Task<FileStream> OpenStreamAsync(string path, CancellationToken cancellationToken)
    {
        var opening = Task.Run(
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan),
            CancellationToken.None);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private static async Task<TextFile> OpenTextAsync(string path, FileStream file, Encoding? named, CancellationToken cancellationToken)
    {
        var raw = await PeekedStream.PeekAsync(new UncutFile(file), HeadSize, cancellationToken).ConfigureAwait(false);
        var isGzip = raw.Head.StartsWith<byte>([0x1F, 0x8B]);
        var text = isGzip
            ? await PeekedStream.PeekAsync(new GzipContent(raw, BufferSize), HeadSize, cancellationToken).ConfigureAwait(false)
            : raw;
        if (BinaryContent.Recognise(text.Head) is { } binary)
        {
            throw new SourceException(path, null, isGzip ? $"within the gzip file {binary}" : binary);
        }

        var (encoding, markLength) = TextEncoding.Decide(path, text.Head, named);
        await text.ReadExactlyAsync(new byte[markLength], cancellationToken).ConfigureAwait(false);
        var head = text.Head[markLength..].ToArray();
        return new TextFile(path, file, text, encoding, head);
    }
}
