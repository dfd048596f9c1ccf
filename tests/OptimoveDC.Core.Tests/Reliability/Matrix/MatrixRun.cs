using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Core.Tests.Service;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Runs a cell of the matrix: one call, over a real connection, on a clock on which hours cost nothing.</summary>
internal sealed class MatrixRun : IAsyncDisposable
{
    /// <summary>How many records a load has.</summary>
    internal const int Records = 3;

    private readonly MatrixFault _fault;
    private readonly MatrixCall _call;
    private readonly LoadClock _clock = new();
    private readonly RequestMeter _meter;
    private readonly List<string> _texts = [];
    private readonly DataConnectionsClient _client;
    private int _left;

    internal MatrixRun(MatrixFault fault, MatrixCall call, MatrixTimes times)
    {
        _fault = fault;
        _call = call;
        _left = times == MatrixTimes.Once ? 1 : int.MaxValue;
        Elsewhere = FaultServer.Reserve(visit => visit.SucceedAsync(), _clock.Service);
        Elsewhere.Listen();
        Server = FaultServer.Reserve(PlayAsync, _clock.Service, fault.Certificate, new Uri($"http://127.0.0.1:{Elsewhere.Port}/api"));
        Server.Greet = fault.Greet is null ? null : visit => IsFaultDue() ? fault.Greet(visit) : Task.FromResult(false);
        if (!fault.RefusesConnections)
        {
            Server.Listen();
        }

        ApiKey = $"canary{Guid.NewGuid():N}{Guid.NewGuid():N}";
        _meter = new RequestMeter { AttemptEnded = NoteEnd, Throttling = (reason, _) => Note(reason) };
        var scheme = fault.Certificate is null ? "http" : "https";
        _client = new DataConnectionsClient(new ApiTransport(
            ServiceAddress.Parse(new Uri($"{scheme}://{fault.Host ?? "127.0.0.1"}:{Server.Port}")),
            new ApiCredential(EmulatedAccount.Secret(ApiKey), BrandKey),
            new TransportOptions { TimeProvider = _clock, AttemptTimeout = LoadClock.AttemptTimeout, MaxAttempts = fault.Attempts }));
    }

    internal FaultServer Server { get; }

    /// <summary>Another host, on which nothing may arrive.</summary>
    internal FaultServer Elsewhere { get; }

    internal string ApiKey { get; }

    internal Guid BrandKey { get; } = Guid.NewGuid();

    /// <summary>The account of a load; null for a creation.</summary>
    internal LoadReport? Report { get; private set; }

    /// <summary>The id of the error that the user is shown; null for none.</summary>
    internal string? Error { get; private set; }

    /// <summary>The connection that was created.</summary>
    internal Guid? Created { get; private set; }

    internal int Warnings { get; private set; }

    internal long Requests => Report?.Result.Requests ?? _meter.Requests;

    internal TimeSpan Elapsed => _clock.Elapsed;

    internal long AttemptsSeen => _clock.AttemptsSeen;

    /// <summary>Everything that was said in words, of whatever kind.</summary>
    internal string Words
    {
        get
        {
            lock (_texts)
            {
                return string.Join('\n', _texts);
            }
        }
    }

    internal async Task RunAsync()
    {
        if (_call == MatrixCall.Create)
        {
            await CreateAsync();
            return;
        }

        Report = await LoadAsync();
        Error = Report.Failure switch
        {
            ServiceException failure => $"Optimove.{failure.Condition}",
            { } defect => defect.GetType().Name,
            null => Report.Result.Completed ? null : $"Optimove.{ErrorCondition.LoadIncomplete}",
        };
        Note($"{Report.Failure}");
        foreach (var rejection in Report.Rejections)
        {
            Note($"{rejection.Reason} {rejection.RequestId}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
        await Elsewhere.DisposeAsync();
        _clock.Dispose();
    }

    private async Task CreateAsync()
    {
        try
        {
            Created = await _client.CreateConnectionAsync("customers", "user_id", "", _meter, TestContext.Current.CancellationToken);
        }
        catch (ServiceException failure)
        {
            Error = $"Optimove.{failure.Condition}";
            Note($"{failure} {failure.ServiceMessage} {failure.RequestId}");
        }
    }

    private async Task<LoadReport> LoadAsync()
    {
        var batch = Guid.NewGuid();
        var plan = new LoadPlan
        {
            Envelope = _call switch
            {
                MatrixCall.Upload => new UploadEnvelope(batch, null),
                MatrixCall.Update => new UpdateEnvelope(),
                _ => new DeleteEnvelope(),
            },
            Source = "matrix",
            DataConnectionId = Guid.NewGuid(),
            BatchId = _call == MatrixCall.Upload ? batch : null,
            BatchSize = 100,
        };
        var observer = new LoadObserver
        {
            Warning = text =>
            {
                Warnings++;
                Note(text);
            },
            AttemptEnded = NoteEnd,
            Throttling = (reason, _) => Note(reason),
        };
        await using var source = new RowSource(Enumerable.Range(0, Records).Select(number => new Row($"key-{number}", new string('v', _fault.ValueLength))));
        await using var loader = Loader.Start(_client, plan, observer, TestContext.Current.CancellationToken);
        return await loader.LoadAsync(source);
    }

    private async Task PlayAsync(FaultVisit visit)
    {
        if (_fault.Play is { } play && IsFaultDue())
        {
            await play(visit);
            return;
        }

        await visit.ReadBodyAsync();
        await visit.SucceedAsync();
    }

    private bool IsFaultDue() => Interlocked.Decrement(ref _left) >= 0;

    // Whoever refused connections once does so no more when that was noticed.
    private void NoteEnd(RequestAttempt attempt)
    {
        Note($"{attempt}");
        if (_fault.RefusesConnections && Interlocked.CompareExchange(ref _left, 0, 1) == 1)
        {
            Server.Listen();
        }
    }

    private void Note(string text)
    {
        lock (_texts)
        {
            _texts.Add(text);
        }
    }
}
