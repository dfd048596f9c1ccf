namespace OptimoveDC.Core.Tests.Records.Sources;

/// <summary>Bytes that come a few at a time, as out of a pipe.</summary>
internal sealed class PiecemealStream(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Read(buffer.Span[..Math.Min(buffer.Length, piece)]);
    }
}
