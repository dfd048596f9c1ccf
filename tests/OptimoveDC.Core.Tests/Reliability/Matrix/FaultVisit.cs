using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OptimoveDC.Core.Tests.Faults;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>A connection that came in, and the request at hand: what a fault can do with them.</summary>
internal sealed class FaultVisit(FaultServer server, Socket socket, Stream stream)
{
    // Longer than any request may take: only its sender ends a hold.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;
    private Task? _goodbye;
    private CancellationTokenSource? _gone;

    /// <summary>The request at hand.</summary>
    internal ReceivedRequest Request { get; private set; } = null!;

    /// <summary>How many bytes were written in answer to it.</summary>
    internal long Written { get; private set; }

    /// <summary>True when no further request is read.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>What the sender's own headers were, for a page that repeats them.</summary>
    internal string Echo => $"x-api-key: {Request.Head["x-api-key"]}, x-brand-key: {Request.Head["x-brand-key"]}";

    /// <summary>An address on another host, where nothing may ever arrive.</summary>
    internal Uri Elsewhere => server.Elsewhere!;

    /// <returns>False when the other side is done.</returns>
    internal async Task<bool> ReadHeadAsync()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
            {
                return false;
            }
        }

        Request = server.Note(new MessageHead(_buffer.AsSpan(_start, length + 4).ToArray()));
        _start += length + 4;
        Written = 0;
        return true;
    }

    /// <summary>Reads the body to its end.</summary>
    internal async Task ReadBodyAsync()
    {
        var body = new byte[Request.Head.ContentLength!.Value];
        await ReadAsync(body);
        Request.Body = body;
    }

    /// <summary>Reads a part of the body, and leaves the rest where it is.</summary>
    internal Task ReadHalfOfBodyAsync() => ReadAsync(new byte[Request.Head.ContentLength!.Value / 2]);

    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, server.Stopped);
        Written += bytes.Length;
    }

    internal Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Answers with a head and a body, and keeps the connection.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body as it goes out, compressed or not.</param>
    /// <param name="headers">Lines of further headers.</param>
    internal async Task AnswerAsync(int status, ReadOnlyMemory<byte> body, params IEnumerable<string> headers)
    {
        // Noted first: who hears the last byte may look at once.
        Request.Answered = status;
        await WriteAsync((byte[])[.. HeadOf(status, [$"Content-Length: {body.Length}", .. headers]), .. body.Span]);
    }

    /// <summary>Writes the beginning of an answer, or something else. What it is taken for is not known here.</summary>
    internal Task BeginAnswerAsync(string start)
    {
        Request.Answered = start.Length >= 12 && int.TryParse(start.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status) ? status : null;
        return WriteAsync(start);
    }

    /// <summary>Answers as the service does when all is well.</summary>
    internal Task SucceedAsync()
    {
        var (status, body) = SuccessOf(Request);
        return AnswerAsync(status, body, "Content-Type: application/json");
    }

    internal static (int Status, byte[] Body) SuccessOf(ReceivedRequest request) => request.Path[(request.Path.LastIndexOf('/') + 1)..] switch
    {
        "connections" => (201, Encoding.UTF8.GetBytes($$"""{"data_connection_uuid":"{{MatrixFault.CreatedId}}"}""")),
        "update_data" => (200, Encoding.UTF8.GetBytes($$"""{"status":"success","updated_records":{{request.Keys.Count}}}""")),
        "delete_data" => (200, Encoding.UTF8.GetBytes($$"""{"status":"success","deleted_records":{{request.Keys.Count}}}""")),
        _ => (200, "{\"status\":\"success\"}"u8.ToArray()),
    };

    internal static byte[] HeadOf(int status, params IEnumerable<string> headers) =>
        Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Whatever\r\n{string.Concat(headers.Select(line => line + "\r\n"))}\r\n"));

    /// <summary>Ends the connection without a farewell.</summary>
    internal void Reset()
    {
        IsOver = true;
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Ends the connection in good manners, once what was written is read.</summary>
    internal void Close() => IsOver = true;

    /// <summary>Says nothing more until the sender has had enough.</summary>
    internal async Task HoldAsync()
    {
        IsOver = true;
        await PauseAsync(Forever);
        await (_goodbye ?? Task.CompletedTask);
    }

    /// <summary>Says nothing more until the sender goes, which it does without any time passing: what it has is enough for it.</summary>
    internal async Task AwaitEndAsync()
    {
        IsOver = true;
        _goodbye ??= WatchAsync(_gone = CancellationTokenSource.CreateLinkedTokenSource(server.Stopped));
        await _goodbye;
    }

    /// <summary>Lets time pass, or the sender go.</summary>
    /// <returns>False when the sender went.</returns>
    internal async Task<bool> PauseAsync(TimeSpan time)
    {
        _goodbye ??= WatchAsync(_gone = CancellationTokenSource.CreateLinkedTokenSource(server.Stopped));
        try
        {
            await Task.Delay(time, server.Time, _gone!.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal async Task EndAsync()
    {
        if (stream is System.Net.Security.SslStream secure)
        {
            await secure.ShutdownAsync();
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    // Nothing but the end can come after the body while the answer is outstanding.
    private async Task WatchAsync(CancellationTokenSource gone)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1024], server.Stopped) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // As good an end as any.
        }

        await gone.CancelAsync();
    }

    private async Task ReadAsync(Memory<byte> target)
    {
        while (target.Length > 0)
        {
            if (_start == _end && !await FillAsync())
            {
                throw new EndOfStreamException();
            }

            var length = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, length).CopyTo(target);
            _start += length;
            target = target[length..];
        }
    }

    private async Task<bool> FillAsync()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _end * 2);
        }

        var received = await stream.ReadAsync(_buffer.AsMemory(_end), server.Stopped);
        _end += received;
        return received > 0;
    }
}
