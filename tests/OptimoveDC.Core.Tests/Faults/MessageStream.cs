using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>One side of a connection, read message by message. Bytes are never changed, only told apart.</summary>
internal sealed class MessageStream(Socket socket)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private Task<bool>? _filling;

    private Span<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads a head.</summary>
    /// <returns>Null when the other side is done.</returns>
    internal async Task<MessageHead?> ReadHeadAsync()
    {
        int length;
        while ((length = Buffered.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        return new MessageHead(Take(length + 4));
    }

    /// <summary>Reads a body as it comes in, with the lines that frame it where it is chunked.</summary>
    /// <exception cref="EndOfStreamException">The other side broke off.</exception>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBodyAsync(MessageHead head)
    {
        if (!head.IsChunked)
        {
            await foreach (var part in ReadAsync(head.ContentLength ?? 0))
            {
                yield return part;
            }

            yield break;
        }

        while (true)
        {
            var line = await ReadLineAsync();
            yield return line;
            var size = long.Parse(Encoding.ASCII.GetString(line.Span).Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                break;
            }

            await foreach (var part in ReadAsync(size + 2))
            {
                yield return part;
            }
        }

        ReadOnlyMemory<byte> trailer;
        do
        {
            trailer = await ReadLineAsync();
            yield return trailer;
        }
        while (trailer.Length > 2);
    }

    /// <summary>Reads a body to its end.</summary>
    internal async Task<byte[]> ReadWholeBodyAsync(MessageHead head)
    {
        using var whole = new MemoryStream();
        await foreach (var part in ReadBodyAsync(head))
        {
            whole.Write(part.Span);
        }

        return whole.ToArray();
    }

    /// <summary>Completes when something has come in that was not read yet (true), or the other side is done (false).</summary>
    internal Task<bool> WaitAsync() => _end > _start ? Task.FromResult(true) : _filling ??= ReceiveAsync();

    /// <summary>Reads and drops everything until the other side is done.</summary>
    internal async Task DrainAsync()
    {
        do
        {
            _start = _end;
        }
        while (await FillAsync());
    }

    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long count)
    {
        while (count > 0)
        {
            await FillIfEmptyAsync();
            var part = Take((int)Math.Min(count, _end - _start));
            count -= part.Length;
            yield return part;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        int length;
        while ((length = Buffered.IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync())
            {
                throw new EndOfStreamException();
            }
        }

        return Take(length + 2);
    }

    private async Task FillIfEmptyAsync()
    {
        if (_end == _start && !await FillAsync())
        {
            throw new EndOfStreamException();
        }
    }

    private byte[] Take(int length)
    {
        var taken = _buffer[_start..(_start + length)];
        _start += length;
        return taken;
    }

    // A read that was begun only to watch the other side is the next read of whoever wants bytes.
    private async Task<bool> FillAsync()
    {
        var filling = _filling ?? ReceiveAsync();
        _filling = null;
        return await filling;
    }

    private async Task<bool> ReceiveAsync()
    {
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _end * 2);
        }

        try
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
            _end += received;
            return received > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
