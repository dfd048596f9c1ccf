using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace OptimoveDC.Emulator;

/// <summary>
/// The Data Connections service, emulated over HTTP on loopback: an independent witness of what a client sends. Nothing is
/// stored beyond the life of the object.
/// </summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    // Below the ranges from which systems give out ports by themselves.
    private const int FirstPort = 20000;
    private const int LastPort = 32000;
    private const int StartAttempts = 100;

    // Real time, whatever the clock of the service: it is clients on a busy machine that are given it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly HttpListener _listener;
    private readonly RequestProcessor _processor;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Responses of requests whose body is still being read: a read that stalls ends only with its connection.
    private readonly ConcurrentDictionary<HttpListenerResponse, bool> _reading = new();

    // Requests being handled, and one for as long as there may be more.
    private int _active = 1;
    private int _disposed;
    private long _lastRequest;

    private EmulatorServer(EmulatorOptions options, EmulatedService service, HttpListener listener, int port)
    {
        Options = options;
        Service = service;
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{Route.Root}"));
        _listener = listener;
        _processor = new RequestProcessor(Service, options);
        _stopped = _stopping.Token;
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The address of the API, without a slash at its end.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What the service holds and has seen.</summary>
    public EmulatedService Service { get; }

    /// <summary>Ends when the port is free again, up to a second after the emulator was disposed.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>How it behaves; may be changed while it runs.</summary>
    public EmulatorOptions Options { get; }

    /// <summary>Starts an emulator on a free port of the loopback address.</summary>
    /// <param name="options">How it behaves.</param>
    /// <returns>The emulator, ready for requests; dispose it to stop it.</returns>
    /// <exception cref="HttpListenerException">No port could be had, or listening is forbidden.</exception>
    public static EmulatorServer Start(EmulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Start(options, new EmulatedService(options));
    }

    /// <summary>Serves again what an emulator served that was disposed, on another port: its keys, its content, its log.</summary>
    /// <param name="earlier">That emulator.</param>
    /// <returns>The emulator, ready for requests; dispose it to stop it.</returns>
    /// <exception cref="InvalidOperationException">The earlier one still runs.</exception>
    /// <exception cref="HttpListenerException">No port could be had, or listening is forbidden.</exception>
    public static EmulatorServer Restart(EmulatorServer earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return Volatile.Read(ref earlier._disposed) == 0
            ? throw new InvalidOperationException("The emulator still runs.")
            : Start(earlier.Options, earlier.Service);
    }

    private static EmulatorServer Start(EmulatorOptions options, EmulatedService service)
    {
        for (var attempt = 1; ; attempt++)
        {
            // HttpListener can't choose a port by itself, and to ask for a free one first would race with others.
            var port = RandomNumberGenerator.GetInt32(FirstPort, LastPort + 1);
            var listener = new HttpListener { IgnoreWriteExceptions = true };
            try
            {
                listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
                listener.Start();
                return new EmulatorServer(options, service, listener, port);
            }
            catch (HttpListenerException) when (attempt < StartAttempts)
            {
                Close(listener);
            }
        }
    }

    /// <summary>
    /// Breaks every open connection and waits for the requests under way. Requests held or delayed are let go unanswered;
    /// what comes in the second that follows is broken off, and then the port is free (<see cref="Closed"/>). Returns at once when called again.
    /// </summary>
    /// <returns>The end of it.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var response in _reading.Keys)
        {
            Delivery.Break(response);
        }

        Release();
        await _idle.Task.ConfigureAwait(false);

        // The listener last, and only when nobody sends any more: outside Windows, closing it writes an empty 200 to every
        // open connection. A client about to send would take that for its answer, and count records that never arrived.
        // Until then every request that still comes is broken off.
        Closed = CloseLaterAsync();
    }

    private static void Close(HttpListener listener)
    {
        try
        {
            listener.Close();
        }
        catch (ObjectDisposedException)
        {
            // A start that failed may have closed it already.
        }
    }

    private async Task CloseLaterAsync()
    {
        for (var left = Grace - TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _lastRequest)); left > TimeSpan.Zero; left = Grace - TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _lastRequest)))
        {
            await Task.Delay(left).ConfigureAwait(false);
        }

        // The accepting loop is not waited for: a wait for a request that begins while the listener closes never ends.
        Close(_listener);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync().ConfigureAwait(false);
                Interlocked.Increment(ref _active);
                Interlocked.Exchange(ref _lastRequest, TimeProvider.System.GetTimestamp());
                _ = Task.Run(() => HandleAsync(context));
            }
            catch (Exception e) when (Delivery.IsBroken(e))
            {
                // Closed, or one connection broke before its request was there.
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            _stopped.ThrowIfCancellationRequested();
            var request = Log(context.Request);
            var body = await ReadAsync(context, request).ConfigureAwait(false);
            _stopped.ThrowIfCancellationRequested();
            var answer = await AnswerAsync(request, body).ConfigureAwait(false);
            if (Options.Latency is var latency && latency > TimeSpan.Zero)
            {
                await Task.Delay(latency, Options.TimeProvider, _stopped).ConfigureAwait(false);
            }

            request.Answer(answer.Status);
            await Delivery.SendAsync(context.Response, request, answer, Options.TimeProvider.GetUtcNow(), _stopped).ConfigureAwait(false);
        }
        catch (Exception e) when (Delivery.IsBroken(e) || e is OperationCanceledException)
        {
            // The client broke off, or the emulator is being disposed: nobody is left to hear of it.
            Delivery.Break(context.Response);
        }
        finally
        {
            Release();
        }
    }

    private async Task<ReceivedBody> ReadAsync(HttpListenerContext context, LoggedRequest request)
    {
        _reading[context.Response] = true;
        try
        {
            // After the entry is made: then either this sees the end of the emulator, or that sees the entry.
            _stopped.ThrowIfCancellationRequested();
            var length = context.Request.HasEntityBody ? context.Request.ContentLength64 : 0;
            return await ReceivedBody.ReadAsync(context.Request.InputStream, length, Options.MaxRequestBytes, request, _stopped).ConfigureAwait(false);
        }
        finally
        {
            _reading.TryRemove(context.Response, out _);
        }
    }

    private LoggedRequest Log(HttpListenerRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in request.Headers.AllKeys)
        {
            if (name is not null)
            {
                headers[name] = request.Headers[name] ?? string.Empty;
            }
        }

        return Service.Log(request.HttpMethod, request.RawUrl ?? string.Empty, headers);
    }

    private async Task<Answer> AnswerAsync(LoggedRequest request, ReceivedBody body)
    {
        try
        {
            request.Hold(body.Bytes);
            var fault = Options.FaultPlan?.Invoke(request);
            if (!Options.KeepBodies)
            {
                request.Hold(null);
            }

            return fault is null ? _processor.Process(request, body) : await PlayAsync(fault, request, body).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A delegate of the options failed, or the emulator itself: a test is better told than left hanging.
            return _processor.Error(request, 500, $"The emulator failed: {e}");
        }
    }

    private async Task<Answer> PlayAsync(Fault fault, LoggedRequest request, ReceivedBody body)
    {
        var real = fault.ApplyFirst ? _processor.Process(request, body) : null;
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, Options.TimeProvider, _stopped).ConfigureAwait(false);
        }

        if (fault.NeverAnswer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _stopped).ConfigureAwait(false);
        }

        var answer = fault.StatusCode switch
        {
            null => real ?? _processor.Process(request, body),
            >= 400 => _processor.Error(request, fault.StatusCode.Value, "A fault of the emulator's plan."),
            { } status => Answer.Nothing(status),
        };

        if (fault.Body is { } text)
        {
            answer = answer with { Body = Encoding.UTF8.GetBytes(text), ContentType = fault.ContentType ?? Answer.Json };
        }

        // A header HTTP does not allow fails here, where it is still answered, rather than while sending.
        var probe = new WebHeaderCollection();
        foreach (var (name, value) in fault.Headers)
        {
            probe[name] = value;
        }

        return answer with { Headers = [.. answer.Headers, .. fault.Headers] };
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _active) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
