using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>
/// A server of bytes. What it answers is none of its own doing: each request is played by a fault, or answered as the
/// service would. It keeps what it was sent, and knows nothing of the engine.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly List<ReceivedRequest> _requests = [];
    private readonly object _gate = new();
    private int _connectionCount;

    private FaultServer(TimeProvider time, X509Certificate2? certificate)
    {
        Time = time;
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The clock of its pauses: each of its timers means that a request is held.</summary>
    internal TimeProvider Time { get; }

    internal int Port { get; }

    /// <summary>Plays the connection before a byte was read of it; true when that was all there is to it.</summary>
    internal Func<FaultVisit, Task<bool>>? Greet { get; set; }

    /// <summary>Plays a request whose head was read.</summary>
    internal required Func<FaultVisit, Task> Play { get; init; }

    /// <summary>Where redirects lead to.</summary>
    internal Uri? Elsewhere { get; init; }

    /// <summary>How many connections were made to it.</summary>
    internal int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>The most bytes that were written in answer to one request.</summary>
    internal long MostWritten { get; private set; }

    /// <summary>Why a connection of the server's own ended in a way that no fault explains; null when none did.</summary>
    internal Exception? Defect { get; private set; }

    /// <summary>Ends every pause.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Every request whose head came in, in that order.</summary>
    internal IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Makes a server with a port of its own, on which it refuses connections until <see cref="Listen"/> is called.</summary>
    internal static FaultServer Reserve(Func<FaultVisit, Task> play, TimeProvider time, X509Certificate2? certificate = null, Uri? elsewhere = null) =>
        new(time, certificate) { Play = play, Elsewhere = elsewhere };

    /// <summary>Starts to take connections.</summary>
    internal void Listen()
    {
        _listener.Listen(64);
        _ = AcceptAsync();
    }

    internal ReceivedRequest Note(Faults.MessageHead head)
    {
        lock (_gate)
        {
            var request = new ReceivedRequest(_requests.Count + 1, head);
            _requests.Add(request);
            return request;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Task[] left;
        lock (_gate)
        {
            left = [.. _connections];
        }

        await Task.WhenAll(left);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connectionCount);
                lock (_gate)
                {
                    _connections.Add(Task.Run(() => ServeAsync(socket)));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One connection that was gone before it was taken ends nothing; the loop knows when it is over.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owner = socket;
        using var stop = _stop.Token.Register(() => socket.Dispose());
        try
        {
            await using var plain = new NetworkStream(socket, ownsSocket: false);
            var visit = new FaultVisit(this, socket, plain);
            if (Greet is { } greet && await greet(visit))
            {
                return;
            }

            if (_certificate is { } certificate)
            {
                var secure = new SslStream(plain, leaveInnerStreamOpen: false);
                await secure.AuthenticateAsServerAsync(certificate);
                visit = new FaultVisit(this, socket, secure);
            }

            await ServeAsync(visit);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // The other side went, or was sent away.
        }
        catch (Exception e)
        {
            Defect = e;
        }
    }

    private async Task ServeAsync(FaultVisit visit)
    {
        try
        {
            while (!visit.IsOver && await visit.ReadHeadAsync())
            {
                await Play(visit);
                MostWritten = Math.Max(MostWritten, visit.Written);
            }

            await visit.EndAsync();
        }
        finally
        {
            MostWritten = Math.Max(MostWritten, visit.Written);
        }
    }
}
