using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>
/// A small proxy in front of a service, for the faults of connections that no HTTP server can play itself. It passes on
/// what it gets, byte for byte (only the Host field names the service), over one connection for each that comes in.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan LongestRebinding = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly List<ProxiedRequest> _requests = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private readonly IPEndPoint _address;
    private Socket? _listener;
    private bool _disposed;
    private int _connectionCount;

    private FaultProxy(Uri service, TimeProvider time, TimeProvider outageTime)
    {
        Service = service;
        Time = time;
        OutageTime = outageTime;
        _listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _address = (IPEndPoint)_listener.LocalEndPoint!;
        BaseAddress = new UriBuilder(service) { Port = _address.Port }.Uri;
        _ = AcceptAsync(_listener);
    }

    /// <summary>The address to use in place of the service's own.</summary>
    internal Uri BaseAddress { get; }

    /// <summary>Asked for each request as soon as its head is there; null, or null returned, for no fault. Called on many threads.</summary>
    internal Func<ProxiedRequest, ProxyFault?>? Plan { get; set; }

    /// <summary>Awaited by each request before anything becomes of it; null for no wait. Called on many threads.</summary>
    internal Func<ProxiedRequest, Task>? Before { get; set; }

    /// <summary>Every request that came in, in order.</summary>
    internal IReadOnlyList<ProxiedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return _requests.ToArray();
            }
        }
    }

    /// <summary>How many connections were accepted.</summary>
    internal int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>Where requests are passed on to; those under way stay where they are.</summary>
    internal Uri Service { get; set; }

    /// <summary>The clock that requests are held by.</summary>
    internal TimeProvider Time { get; }

    /// <summary>The clock that connections are refused by.</summary>
    internal TimeProvider OutageTime { get; }

    /// <summary>Ends every pause when the proxy is disposed.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Starts a proxy on a free port of the loopback address.</summary>
    /// <param name="service">Where it passes requests on to; its path stays.</param>
    /// <param name="time">The clock for pauses of requests; the system's by default.</param>
    /// <param name="outageTime">The clock for the refusal of connections; that of the pauses by default.</param>
    internal static FaultProxy Start(Uri service, TimeProvider? time = null, TimeProvider? outageTime = null) =>
        new(service, time ?? TimeProvider.System, outageTime ?? time ?? TimeProvider.System);

    /// <summary>How often a fault really happened.</summary>
    internal int Played(ProxyFaultKind kind) => Requests.Count(request => request.FaultPlayed && request.Fault!.Kind == kind);

    /// <summary>Breaks every connection, and waits until nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            _listener?.Dispose();
            _listener = null;
        }

        await _stop.CancelAsync();
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }

        await Task.WhenAll(_connections.Values);
    }

    internal ProxiedRequest Note(MessageHead head)
    {
        ProxiedRequest request;
        lock (_gate)
        {
            request = new ProxiedRequest(_requests.Count + 1, head);
            _requests.Add(request);
        }

        request.Fault = Plan?.Invoke(request);
        return request;
    }

    /// <summary>Breaks all connections to the service; whoever waits for an answer loses its own.</summary>
    internal void BreakOff()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.BreakOff();
        }
    }

    /// <summary>Refuses new connections for a while.</summary>
    internal void RefuseFor(TimeSpan delay)
    {
        lock (_gate)
        {
            if (_listener is null)
            {
                return;
            }

            _listener.Dispose();
            _listener = null;
        }

        _ = ListenAgainAsync(delay);
    }

    private static Socket Listen(IPEndPoint address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(512);
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task ListenAgainAsync(TimeSpan delay)
    {
        await Task.Delay(delay, OutageTime, Stopped);
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                lock (_gate)
                {
                    if (!_disposed)
                    {
                        _listener = Listen(_address);
                        _ = AcceptAsync(_listener);
                    }

                    return;
                }
            }
            catch (SocketException) when (clock.Elapsed < LongestRebinding)
            {
                // Somebody else was given the port for a moment.
                await Task.Delay(1);
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                var connection = new ProxiedConnection(this, await listener.AcceptAsync());
                Interlocked.Increment(ref _connectionCount);
                lock (_gate)
                {
                    if (_disposed)
                    {
                        connection.Reset();
                        return;
                    }

                    _connections[connection] = Task.Run(() => ServeAsync(connection));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A connection that was gone before it was taken ends nothing.
                lock (_gate)
                {
                    if (_listener != listener)
                    {
                        return;
                    }
                }
            }
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        await connection.ServeAsync();
        _connections.TryRemove(connection, out _);
    }
}
