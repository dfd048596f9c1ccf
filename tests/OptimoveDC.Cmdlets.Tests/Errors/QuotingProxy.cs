using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OptimoveDC.Cmdlets.Tests.Errors;

/// <summary>A proxy that asks for a password, and then answers every request with all that it was sent, its password included.</summary>
internal sealed class QuotingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    internal QuotingProxy()
    {
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>The values of <c>Proxy-Authorization</c> that came.</summary>
    internal ConcurrentQueue<string> Authorizations { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // The end of the test.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var head = new StringBuilder();
        var length = 0;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            head.Append(line).Append('\n');
            length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture) : length;
        }

        await reader.ReadBlockAsync(new char[length], _stop.Token);
        var quoted = head.ToString();
        var at = quoted.IndexOf("Proxy-Authorization: ", StringComparison.OrdinalIgnoreCase);
        var answer = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        if (at >= 0)
        {
            var value = quoted[(at + 21)..quoted.IndexOf('\n', at)];
            Authorizations.Enqueue(value);
            var body = $"{quoted}that is {Encoding.UTF8.GetString(Convert.FromBase64String(value["Basic ".Length..]))}";
            answer = $"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nx-request-id: {value}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
    }
}
