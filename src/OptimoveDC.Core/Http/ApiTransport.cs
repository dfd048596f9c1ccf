using System.Net;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http.Rate;
using OptimoveDC.Core.Observability;
using Polly;
using Polly.RateLimiting;
using Polly.Timeout;

namespace OptimoveDC.Core.Http;

/// <summary>Carries requests to the service: one <see cref="HttpClient"/>, one resilience pipeline, both keys on every request.</summary>
public sealed class ApiTransport : IDisposable
{
    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray"];

    private readonly HttpClient _http;
    private readonly ServiceAddress _address;
    private readonly ApiCredential _credential;
    private readonly TransportOptions _options;
    private readonly ResiliencePipeline<Attempt> _pipeline;
    private readonly ResiliencePipeline _attemptTimeout;
    private readonly RateGovernor _governor;
    private readonly ServerInstruments _instruments;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private int _isDisposed;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="address">The service.</param>
    /// <param name="credential">Both keys; disposed with the transport.</param>
    /// <param name="options">Timeouts, repetitions, rate, proxy, clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public ApiTransport(ServiceAddress address, ApiCredential credential, TransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        if (options.RequestsPerSecond is { } rate and not (>= TransportOptions.LeastRequestsPerSecond and <= TransportOptions.MostRequestsPerSecond))
        {
            throw new ArgumentOutOfRangeException(nameof(options), rate, "The requests per second are out of range.");
        }

        _address = address;
        _credential = credential;
        _options = options;
        _governor = GovernorRegistry.Get(address, credential, options.TimeProvider);
        _closed = _closing.Token;
        _instruments = new ServerInstruments(address);
        _pipeline = RequestPipeline.Build(options, _governor, _instruments);
        _attemptTimeout = new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
        _http = new HttpClient(CreateHandler(options)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The clock that requests are timed by.</summary>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>The limit on requests that is kept at the moment: the user's own, or the learned one; null while there is none.</summary>
    public RequestLimit? CurrentLimit =>
        _options.RequestsPerSecond is { } rate ? new RequestLimit(rate, TimeSpan.FromSeconds(1), IsFixed: true) : _governor.Learned;

    /// <summary>Sends a request and repeats it as the rules allow.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="meter">Where its cost is counted.</param>
    /// <param name="budget">The repetitions of the whole load.</param>
    /// <param name="cancellationToken">Cancels down to the socket.</param>
    /// <returns>The last answer, or why there was none. Faults of the network are not thrown.</returns>
    /// <exception cref="RequestNotSentException">The token was cancelled before anything could have been carried out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the request may have been carried out.</exception>
    public async Task<Exchange> SendAsync(ApiRequest request, RequestMeter meter, RetryBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var state = new RequestState(request, meter, budget, new PermitRequest(budget, meter, _options.RequestsPerSecond, _closed));
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestState.Key, state);
        try
        {
            var last = await _pipeline.ExecuteAsync(
                static (context, self) => self.AttemptAsync(context.Properties.GetValue(RequestState.Key, null!), context.CancellationToken),
                context,
                this).ConfigureAwait(false);
            if (last.Reply is { IsSuccess: true })
            {
                budget.Refill();
            }

            return new Exchange(last.Reply, last.Fault, last.FaultMessage, state.EarlierAttemptMayHaveWorked);
        }
        catch (RateLimiterRejectedException)
        {
            return state.Denied?.Reply is { } reply
                ? new Exchange(reply, TransportFault.None, null, state.EarlierAttemptMayHaveWorked)
                : new Exchange(null, TransportFault.NotReached, "the session was disconnected", state.EarlierAttemptMayHaveWorked);
        }
        catch (OperationCanceledException) when (!state.IsUnderWay && !state.EarlierAttemptMayHaveWorked)
        {
            throw new RequestNotSentException(cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // Whoever waits for the governor goes, at once.
        _closing.Cancel();
        _closing.Dispose();
        _http.Dispose();
        _credential.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(TransportOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect to another host would take the keys along.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(30),

            // A long import should notice when the service's address changes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy) { Credentials = options.ProxyCredential };
        }
        else if (options.ProxyCredential is { } credential)
        {
            handler.DefaultProxyCredentials = credential;
        }

        return handler;
    }

    private async ValueTask<Attempt> AttemptAsync(RequestState state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        state.IsUnderWay = true;
        using var observed = _instruments.Begin(state.Request, state.Attempts++, TimeProvider);
        var started = TimeProvider.GetTimestamp();
        state.Meter.CountAttempt(state.Request.Body.Length);
        Attempt attempt;
        try
        {
            attempt = await _attemptTimeout.ExecuteAsync(
                static (work, token) => work.Self.ExchangeOnceAsync(work.Request, token),
                (Self: this, state.Request),
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            attempt = new Attempt(null, TransportFault.Timeout, $"no answer within {_options.AttemptTimeout.TotalSeconds:F0} s");
        }
        catch (Exception exception) when (NetworkFault.TryRead(exception, out var fault) && !cancellationToken.IsCancellationRequested)
        {
            attempt = fault with { FaultMessage = Redact(fault.FaultMessage!) };
        }

        state.IsUnderWay = false;
        observed?.End(attempt);
        Tell(state, attempt);
        state.Meter.Report(new RequestAttempt(
            state.Request.Method.Method,
            _address.Uri.AbsolutePath + "/" + state.Request.RelativePath,
            attempt.Reply?.StatusCode,
            attempt.FaultMessage,
            TimeProvider.GetElapsedTime(started),
            attempt.Reply?.RequestId));
        return attempt;
    }

    // The governor learns from every answer.
    private static void Tell(RequestState state, Attempt attempt)
    {
        if (attempt.Reply is { StatusCode: 429 } refusal)
        {
            state.Permit!.Refuse(attempt.Signals, refusal);
        }
        else if (attempt.Reply is not null)
        {
            state.Budget.PassGate();
            state.Permit!.Accept(attempt.Signals);
        }
        else if (attempt.Fault == TransportFault.NotReached)
        {
            state.Permit!.Withdraw();
        }
    }

    private async ValueTask<Attempt> ExchangeOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, _address.Resolve(request.RelativePath));
        _credential.Apply(message);
        message.Content = request.Body.CreateContent();
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var bytes = await AnswerContent.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var body = ReplyBody.Parse(bytes, Redact);
        var signals = RateSignals.Read(response, bytes, TimeProvider.GetUtcNow());
        var reply = new ServiceReply
        {
            StatusCode = (int)response.StatusCode,
            Body = body,
            RequestId = FindRequestId(response) is { } id ? Redact(id) : body.RequestId,
            RetryAfter = signals.RetryAfter,
        };
        return new Attempt(reply, TransportFault.None, null) { Signals = signals };
    }

    // A proxy may quote what it was sent: the keys, and its own password.
    private string Redact(string text)
    {
        text = _credential.Redact(text);
        if (_options.ProxyCredential is not NetworkCredential proxy)
        {
            return text;
        }

        using var password = proxy.SecurePassword;
        return SecretText.Remove(text, password);
    }

    private static string? FindRequestId(HttpResponseMessage response)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (response.Headers.TryGetValues(name, out var values))
            {
                return values.First();
            }
        }

        return null;
    }
}
