namespace OptimoveDC.Emulator;

/// <summary>A request's body, read to its end whatever is to be answered: a client still sending would not hear the answer.</summary>
/// <param name="Bytes">The bytes; null when there were more than the limit, which were read and dropped.</param>
internal readonly record struct ReceivedBody(byte[]? Bytes)
{
    private const int ChunkSize = 64 * 1024;

    // Of what is announced so much is believed; for more, it has to come.
    private const int LargestAtOnce = 256 * 1024;

    public static async Task<ReceivedBody> ReadAsync(Stream stream, long declaredLength, int maxBytes, LoggedRequest log, CancellationToken cancellationToken)
    {
        var tooLarge = declaredLength > maxBytes;
        var buffer = new byte[tooLarge ? ChunkSize : declaredLength >= 0 ? Math.Min(declaredLength, LargestAtOnce) : ChunkSize];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (declaredLength == length)
                {
                    return new(buffer);
                }

                Array.Resize(ref buffer, NextSize(buffer.Length, declaredLength, maxBytes));
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            log.CountBody(read);
            length += read;
            tooLarge |= length > maxBytes;
            if (tooLarge)
            {
                length = 0;
            }
        }

        return new(tooLarge ? null : length == buffer.Length ? buffer : buffer[..length]);
    }

    private static int NextSize(int size, long declaredLength, int maxBytes) =>
        (int)Math.Min(2L * size, declaredLength >= 0 ? declaredLength : Math.Max(maxBytes, ChunkSize) + 1L);
}
