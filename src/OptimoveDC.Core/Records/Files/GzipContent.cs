using ICSharpCode.SharpZipLib.GZip;

namespace OptimoveDC.Core.Records.Files;

/// <summary>
/// The content of a gzip file, its checksums compared. Damaged data makes the library fail in many ways, among them those of a
/// defect; here all of them are one: <see cref="GZipException"/>.
/// </summary>
/// <param name="packed">The file; disposed with this one.</param>
/// <param name="bufferSize">How many packed bytes are read at once.</param>
internal sealed class GzipContent(Stream packed, int bufferSize) : SourceStream(packed)
{
    // The framework's own GZipStream takes a file that was cut short for one that ended there.
    private readonly GZipInputStream _content = new(packed, bufferSize);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or InvalidOperationException or NullReferenceException or ArithmeticException or InvalidDataException)
        {
            throw new GZipException("the gzip data is damaged", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
