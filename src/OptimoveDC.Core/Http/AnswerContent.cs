namespace OptimoveDC.Core.Http;

/// <summary>Reads the body of an answer, as far as anybody wants it.</summary>
internal static class AnswerContent
{
    // An error page is small; what lies beyond is never worth waiting for.
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads a body. One that breaks off is empty where the status says it all.</summary>
    /// <param name="response">The answer, of which the head was read.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    /// <returns>The body, unpacked, up to 64 KiB of it.</returns>
    /// <exception cref="IOException">The answer broke off.</exception>
    /// <exception cref="InvalidDataException">It is not compressed as it says.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadToEndAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && SpeaksForItself((int)response.StatusCode))
        {
            return ReadOnlyMemory<byte>.Empty;
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            // What the decoder of brotli throws.
            return SpeaksForItself((int)response.StatusCode)
                ? ReadOnlyMemory<byte>.Empty
                : throw new InvalidDataException(exception.Message, exception);
        }
    }

    // The body of a success may take it back, and the body of a refusal says whom it is about. A 401 is a 401.
    private static bool SpeaksForItself(int status) => status is not (400 or 422 or (>= 200 and <= 299));

    private static async Task<ReadOnlyMemory<byte>> ReadToEndAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[response.Content.Headers.ContentLength is { } length and < MostBytes ? (int)length + 1 : MostBytes];
            var filled = 0;
            while (filled < buffer.Length)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                filled += read;
            }

            return buffer.AsMemory(0, filled);
        }
    }
}
