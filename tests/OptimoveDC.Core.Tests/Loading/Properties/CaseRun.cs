using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Faults;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>Runs a case: an emulator, a proxy and a clock of its own, and the engine in between, over real HTTP.</summary>
internal sealed class CaseRun : IAsyncDisposable
{
    /// <summary>The rule that a case breaks in which nothing happens any more.</summary>
    internal const string LoadEnds = "the load ends";

    // Real time: how long nothing may happen at all. Whatever is busy is given its time, however slow the machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    // Each case has a service of its own: a connection that is kept would outlive it.
    private static readonly HttpClient Direct = new() { DefaultRequestHeaders = { ConnectionClose = true } };

    private readonly LoadCase _case;
    private readonly LoadClock _clock = new();
    private readonly FaultDraw _draw;
    private EmulatorServer _server;
    private readonly EmulatedBrand _brand;
    private readonly EmulatedConnection _connection;
    private readonly FaultProxy _proxy;
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _ready = Task.CompletedTask;
    private int _restarts;

    private CaseRun(LoadCase @case)
    {
        _case = @case;
        _draw = new FaultDraw(@case);
        _server = EmulatorServer.Start(new EmulatorOptions { TimeProvider = _clock.Service, KeepBodies = true, KeyIdentity = @case.KeyIdentity });
        _brand = _server.Service.AddBrand();
        _connection = _server.Service.AddConnection(_brand, "customers", "user_id");
        _proxy = FaultProxy.Start(_server.BaseAddress, _clock.Service, _clock);
        _proxy.Plan = request =>
        {
            if (request.Number == @case.StopAfter)
            {
                _ = _stop.CancelAsync();
            }

            return _draw.ForConnection(request);
        };
        _proxy.Before = request => request.Number == @case.RestartAt ? _ready = RestartAsync() : _ready;
    }

    /// <summary>Runs a case and judges it.</summary>
    /// <param name="case">The case.</param>
    /// <param name="tally">Counts the faults that were really played.</param>
    /// <returns>What was wrong; null when nothing was.</returns>
    internal static async Task<Failure?> JudgeAsync(LoadCase @case, FaultTally tally)
    {
        await using var run = new CaseRun(@case);
        try
        {
            await run.SetUpAsync();
            var testimony = await run.LoadAsync();
            run.Count(tally, testimony);
            var verdict = Verdict.On(testimony);

            // An attempt that a stop overtakes before it began is counted and never timed.
            verdict.Require(
                run._clock.AttemptsSeen == testimony.Result.Requests || (testimony.WasStopped && run._clock.AttemptsSeen < testimony.Result.Requests),
                "the clock knows every attempt",
                () => $"{run._clock.AttemptsSeen} seen, {testimony.Result.Requests} made: the time of this case meant nothing");

            return verdict.Violations.Count == 0 ? null : new Failure(@case, testimony, verdict.Violations, run._proxy.Requests);
        }
        catch (Exception e) when (e is not OperationCanceledException || !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return new Failure(@case, null, [new Violation(LoadEnds, $"{run._clock}\n{e}")], run._proxy.Requests);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A restart that is under way would leave a server behind.
        await _ready;
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        _clock.Dispose();
        _stop.Dispose();
    }

    // The records that are there before, sent by nobody's engine; then the service turns into that of the case.
    private async Task SetUpAsync()
    {
        if (_case.Present.Count > 0)
        {
            var records = _case.Present.Select(key => $$"""{"user_id":{{key.Json}},"value":"before"}""");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{_server.BaseAddress}/connections/{_connection.Id}/upload_data");
            request.Content = new StringContent($$"""{"data":[{{string.Join(',', records)}}]}""", Encoding.UTF8, "application/json");
            request.Headers.Add("x-api-key", _brand.ApiKey);
            request.Headers.Add("x-brand-key", _brand.BrandKey.ToString());
            using var answer = await Direct.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        var options = _server.Options;
        options.RateLimit = _case.RateLimit;
        options.RetryAfterForm = _case.RetryAfterForm;
        options.SendRetryAfter = _case.SendRetryAfter;
        options.SendRateLimitHeaders = _case.SendRateLimitHeaders;
        options.BadRequestScope = _case.BadRequestScope;
        options.AbsentDelete = _case.AbsentDelete;
        options.AbsentUpdate = _case.AbsentUpdate;
        options.ErrorBodyShape = _case.ErrorBodyShape;
        options.NameBadKeysStructurally = _case.NameBadKeysStructurally;
        options.UploadResponseShape = _case.UploadResponseShape;
        options.BadRequestStatus = _case.BadRequestStatus;
        options.FaultPlan = _draw.ForService;
        options.RejectRecord = element => element.ValueKind == JsonValueKind.Object
            ? CaseRow.IsRefusedValue(element.GetProperty("value").GetString()!)
            : element.GetRawText().StartsWith("\"bad-", StringComparison.Ordinal);
    }

    // The request at hand travels on until the service is back, and time stands still for it; all others are broken off.
    private async Task RestartAsync()
    {
        _proxy.BreakOff();
        await _server.DisposeAsync();
        _server = EmulatorServer.Restart(_server);
        _proxy.Service = _server.BaseAddress;
        _restarts++;
    }

    private async Task<Testimony> LoadAsync()
    {
        // Of the seed: the content of a request decides which faults it meets.
        var batch = new Guid(_case.Seed, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]);
        var plan = new LoadPlan
        {
            Envelope = _case.Operation switch
            {
                LoadOperation.Upload => new UploadEnvelope(batch, null),
                LoadOperation.Update => new UpdateEnvelope(),
                _ => new DeleteEnvelope(),
            },
            Source = "case",
            DataConnectionId = _connection.Id,
            BatchId = _case.Operation == LoadOperation.Upload ? batch : null,
            KeepBatchOpen = _case.KeepBatchOpen,
            BatchSize = _case.BatchSize,
            MaxChunkBytes = _case.MaxChunkBytes,
            ThrottleLimit = _case.ThrottleLimit,
            MaxReject = _case.MaxReject,
            MaxIsolationRequests = _case.MaxIsolationRequests,
        };
        using var client = new DataConnectionsClient(new ApiTransport(
            ServiceAddress.Parse(_proxy.BaseAddress),
            new ApiCredential(EmulatedAccount.Secret(_brand.ApiKey), _brand.BrandKey),
            new TransportOptions { TimeProvider = _clock, AttemptTimeout = LoadClock.AttemptTimeout, MaxAttempts = _case.MaxAttempts }));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, _stop.Token);
        var load = RunAsync(plan, client, patience.Token);
        for (var seen = -1; !load.IsCompleted && seen != _clock.Changes;)
        {
            seen = _clock.Changes;
            await Task.WhenAny(load, Task.Delay(Patience, patience.Token));
        }

        var stoodStill = !load.IsCompleted && !patience.IsCancellationRequested;
        if (stoodStill)
        {
            await patience.CancelAsync();
        }

        var report = await load;
        Assert.False(stoodStill, $"Nothing happened for {Patience}.");
        return new Testimony(_case, report, [.. _warnings], SeenRequests(), _connection, _stop.IsCancellationRequested);
    }

    private async Task<LoadReport> RunAsync(LoadPlan plan, DataConnectionsClient client, CancellationToken cancellationToken)
    {
        await using var source = new RowSource(_case.Rows.Select(row => new Row(row.Key.Input, row.Value)));
        await using var loader = Loader.Start(client, plan, new LoadObserver { Warning = _warnings.Enqueue }, cancellationToken);
        return await loader.LoadAsync(source);
    }

    private List<SeenRequest> SeenRequests()
    {
        var byId = _proxy.Requests.Where(request => request.RequestId is not null).ToDictionary(request => request.RequestId!);
        var arrivals = _connection.Arrivals.ToLookup(arrival => arrival.RequestSequence);
        return [.. _server.Service.Requests
            .Where(request => request.BodyText() is { Length: > 0 } && !IsSetUp(request) && IsWhole(request.BodyText()!))
            .Select(request => See(request, byId.GetValueOrDefault(request.RequestId), [.. arrivals[request.Sequence]]))
            .OrderBy(request => request.Arrivals.Count > 0 ? request.Arrivals[0].Sequence : long.MaxValue)
            .ThenBy(request => request.Sequence)];
    }

    private bool IsSetUp(LoggedRequest request) => _case.Present.Count > 0 && request.Sequence == 1;

    // A body cut by a reset is as if it had never come; the service can't even parse it.
    private static bool IsWhole(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private SeenRequest See(LoggedRequest request, ProxiedRequest? proxied, IReadOnlyList<Arrival> arrivals)
    {
        using var document = JsonDocument.Parse(request.BodyText()!);
        var root = document.RootElement;
        var items = _case.Operation switch
        {
            LoadOperation.Upload => root.GetProperty("data"),
            LoadOperation.Update => root,
            _ => root.GetProperty("primary_keys"),
        };
        return new SeenRequest
        {
            Sequence = request.Sequence,
            RequestId = request.RequestId,
            Status = request.StatusCode,
            WasHeard = proxied?.WasAnswered == true,
            StatusWasHeard = proxied is { WasAnswered: true } or { HeadWasPassed: true },
            Body = request.BodyText()!,
            AnswerBody = proxied?.AnswerBody is { } body ? Encoding.UTF8.GetString(body) : null,
            Closes = _case.Operation == LoadOperation.Upload && root.GetProperty("batch_completed").GetBoolean(),
            Rows = _case.Operation == LoadOperation.Delete
                ? []
                : [.. items.EnumerateArray().Select(item => CaseRow.IndexOf(_case.Operation == LoadOperation.Update ? item.GetProperty("data") : item))],
            Keys = [.. items.EnumerateArray().Select(item => (_case.Operation switch
            {
                LoadOperation.Upload => item.GetProperty("user_id"),
                LoadOperation.Update => item.GetProperty("primary_key"),
                _ => item,
            }).GetRawText())],
            Arrivals = arrivals,
            Fault = string.Join(", ", new[]
            {
                proxied is { FaultPlayed: true } ? $"{proxied.Fault!.Kind}" : null,
                _draw.Played.TryGetValue(request.Sequence, out var kind) ? $"{kind}" : null,
            }.Where(text => text is not null)),
        };
    }

    private void Count(FaultTally tally, Testimony testimony)
    {
        foreach (var request in _proxy.Requests.Where(request => request.FaultPlayed))
        {
            tally.Add($"{request.Fault!.Kind}", _case.Operation);
        }

        foreach (var kind in _draw.Played.Values)
        {
            tally.Add($"{kind}", _case.Operation);
        }

        tally.Add(FaultTally.RejectedRecord, _case.Operation, testimony.Report.Rejections.Count(rejection => rejection.StatusCode is not null));
        tally.Add(FaultTally.OutOfTurn, _case.Operation, testimony.CarriedOutOfTurn);
        tally.Add(FaultTally.DecidedLoad, _case.Operation, testimony.IsDecided ? 1 : 0);
        tally.Add(FaultTally.UndecidedLoad, _case.Operation, testimony.IsDecided || testimony.WasStopped ? 0 : 1);
        tally.Add(FaultTally.Restart, _case.Operation, _restarts);
        tally.AddLoad(testimony.Result, _clock.Elapsed);
        tally.Add(FaultTally.StoppedLoad, _case.Operation, testimony.WasStopped ? 1 : 0);
    }
}
