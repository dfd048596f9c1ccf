using System.Net.Sockets;
using System.Text;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>A connection that came in: its requests one after the other, each passed on and answered, or not.</summary>
internal sealed class ProxiedConnection
{
    private static readonly byte[] Garbage = [0x16, 0x03, 0x01, 0x00, .. "no HTTP at all\r\n\r\n"u8];
    private static readonly byte[] Page = Encoding.UTF8.GetBytes("<html><head><title>Gateway</title></head><body><h1>One moment, please</h1></body></html>");

    // Longer than any request may take: only its sender ends a stall.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private readonly FaultProxy _proxy;
    private readonly Socket _client;
    private readonly MessageStream _fromClient;
    private Socket? _service;
    private MessageStream? _fromService;

    internal ProxiedConnection(FaultProxy proxy, Socket client)
    {
        _proxy = proxy;
        _client = client;
        _fromClient = new MessageStream(client);
    }

    /// <summary>Ends both sides without a farewell.</summary>
    internal void Reset()
    {
        ResetOf(_client);
        ResetOf(_service);
    }

    /// <summary>Ends the connection to the service without a farewell.</summary>
    internal void BreakOff() => ResetOf(_service);

    internal async Task ServeAsync()
    {
        try
        {
            _client.NoDelay = true;
            while (await _fromClient.ReadHeadAsync() is { } head)
            {
                var request = _proxy.Note(head);
                await (_proxy.Before?.Invoke(request) ?? Task.CompletedTask);
                if (!await ExchangeAsync(request, head))
                {
                    break;
                }
            }

            // The farewell is sent before the socket goes, so that what was written is read.
            _client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException or OperationCanceledException)
        {
            // Either side is gone, or the proxy is.
        }
        finally
        {
            ResetOf(_service);
            _client.Dispose();
        }
    }

    private static void ResetOf(Socket? socket)
    {
        try
        {
            if (socket is not null)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    /// <returns>True when the connection goes on.</returns>
    private async Task<bool> ExchangeAsync(ProxiedRequest request, MessageHead head)
    {
        switch (request.Fault?.Kind)
        {
            case ProxyFaultKind.Refuse:
                _proxy.RefuseFor(request.Fault.Delay);
                return Break(request);
            case ProxyFaultKind.ResetBeforeBody:
                return Break(request);
            case ProxyFaultKind.Stall:
                request.FaultPlayed = true;
                await StallAsync();
                return false;
            case ProxyFaultKind.ResetDuringBody:
                await PassPartOnAsync(head, request.Fault.AfterBytes);
                return Break(request);
            default:
                await PassOnAsync(request, head);
                var answer = await AnswerAsync();
                return answer is { } whole ? await PassBackAsync(request, whole.Head, whole.Body) : Break(request, played: false);
        }
    }

    private bool Break(ProxiedRequest request, bool played = true)
    {
        request.FaultPlayed = played;
        Reset();
        return false;
    }

    private async Task StallAsync()
    {
        // The pause is there for the clock to see: it ends with the connection.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_proxy.Stopped);
        var pause = Task.Delay(Forever, _proxy.Time, end.Token);
        await _fromClient.DrainAsync();
        await end.CancelAsync();
        await pause.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task PassPartOnAsync(MessageHead head, int most)
    {
        await WriteHeadAsync(head);
        var left = head.IsChunked ? most : (int)Math.Min(most, (head.ContentLength ?? 0) - 1);
        await foreach (var part in _fromClient.ReadBodyAsync(head))
        {
            var passed = part[..Math.Min(left, part.Length)];
            await _fromService!.WriteAsync(passed);
            left -= passed.Length;
            if (left <= 0)
            {
                return;
            }
        }
    }

    private async Task PassOnAsync(ProxiedRequest request, MessageHead head)
    {
        await WriteHeadAsync(head);
        var isSlow = request.Fault?.Kind == ProxyFaultKind.SlowRequest;
        await foreach (var part in _fromClient.ReadBodyAsync(head))
        {
            var sent = 0;
            if (isSlow)
            {
                await PauseAsync(request);
                sent = part.Length / 2;
                await _fromService!.WriteAsync(part[..sent]);
                await PauseAsync(request);
                request.FaultPlayed = true;
                isSlow = false;
            }

            await _fromService!.WriteAsync(part[sent..]);
        }

        request.WasDelivered = true;
    }

    private async Task WriteHeadAsync(MessageHead head)
    {
        // The service closes a connection that was idle for long, or that it didn't like.
        if (_service is not null && _fromService!.WaitAsync() is { IsCompleted: true } ended && !await ended)
        {
            ResetOf(_service);
            _service = null;
        }

        if (_service is null)
        {
            var service = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await service.ConnectAsync(_proxy.Service.Host, _proxy.Service.Port);
            _service = service;
            _fromService = new MessageStream(service);
        }

        await _fromService!.WriteAsync(head.With("Host", _proxy.Service.Authority));
    }

    /// <returns>Null when either side broke off before the answer was whole.</returns>
    private async Task<(MessageHead Head, byte[] Body)?> AnswerAsync()
    {
        var answer = ReadAnswerAsync();
        var clientEnds = _fromClient.WaitAsync();
        if (await Task.WhenAny(answer, clientEnds) == clientEnds && !await clientEnds && !answer.IsCompleted)
        {
            // Nobody waits for it any more; what it does to the service can't be taken back.
            ResetOf(_service);
        }

        return await answer;
    }

    private async Task<(MessageHead Head, byte[] Body)?> ReadAnswerAsync()
    {
        try
        {
            while (await _fromService!.ReadHeadAsync() is { } head)
            {
                if (head.Status >= 200)
                {
                    return (head, head.Status is 204 or 304 ? [] : await _fromService.ReadWholeBodyAsync(head));
                }
            }
        }
        catch (EndOfStreamException)
        {
            // Cut short.
        }

        return null;
    }

    private async Task<bool> PassBackAsync(ProxiedRequest request, MessageHead head, byte[] body)
    {
        request.Status = head.Status;
        request.RequestId = head["x-request-id"];
        ReadOnlyMemory<byte> rawHead = head.Raw;
        switch (request.Fault?.Kind)
        {
            case ProxyFaultKind.ResetAfterBody:
                return Break(request);
            case ProxyFaultKind.CutAnswer:
                byte[] whole = [.. rawHead.Span, .. body];
                request.FaultPlayed = true;
                request.HeadWasPassed = Math.Min(request.Fault.AfterBytes, whole.Length - 1) >= rawHead.Length;
                await _fromClient.WriteAsync(whole.AsMemory(0, Math.Min(request.Fault.AfterBytes, whole.Length - 1)));
                return false;
            case ProxyFaultKind.GarbledHead:
                request.FaultPlayed = true;
                await _fromClient.WriteAsync(Garbage);
                return false;
            case ProxyFaultKind.GarbledBody when body.Length > 0:
                body = Page;
                rawHead = head.With("Content-Length", $"{body.Length}", "Transfer-Encoding", "Content-Type");
                request.FaultPlayed = true;
                break;
        }

        ReadOnlyMemory<byte> answer = (byte[])[.. rawHead.Span, .. body];
        if (request.Fault?.Kind == ProxyFaultKind.SlowAnswer)
        {
            // The last part is never empty: nobody has heard the whole before the last pause is over.
            foreach (var part in new[] { 10, answer.Length / 2 })
            {
                await _fromClient.WriteAsync(answer[..part]);
                answer = answer[part..];
                await PauseAsync(request);
            }

            request.FaultPlayed = true;
        }

        // Noted first: who hears the last byte may look at the log at once.
        request.AnswerBody = body;
        request.WasAnswered = true;
        try
        {
            await _fromClient.WriteAsync(answer);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            request.WasAnswered = false;
            return false;
        }

        return !head.EndsConnection;
    }

    private Task PauseAsync(ProxiedRequest request) => Task.Delay(request.Fault!.Delay, _proxy.Time, _proxy.Stopped);
}
