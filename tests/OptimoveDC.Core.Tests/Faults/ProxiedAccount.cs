using OptimoveDC.Core.Api;
using OptimoveDC.Core.Http;
using OptimoveDC.Core.Loading;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Core.Tests.Service;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>An account whose service is behind a fault proxy; both share a clock on which hours cost nothing.</summary>
internal sealed class ProxiedAccount : IAsyncDisposable
{
    private readonly LoadClock _clock = new();
    private readonly EmulatedAccount _account;
    private readonly DataConnectionsClient _client;

    private ProxiedAccount(Action<EmulatorOptions>? configure)
    {
        var options = new EmulatorOptions { TimeProvider = _clock.Service, KeepBodies = true };
        configure?.Invoke(options);
        _account = EmulatedAccount.Open(options);
        Proxy = FaultProxy.Start(_account.Server.BaseAddress, _clock.Service, _clock);
        _client = new DataConnectionsClient(new ApiTransport(
            ServiceAddress.Parse(Proxy.BaseAddress),
            new ApiCredential(EmulatedAccount.Secret(_account.Brand.ApiKey), _account.Brand.BrandKey),
            new TransportOptions { TimeProvider = _clock, AttemptTimeout = LoadClock.AttemptTimeout }));
    }

    /// <summary>A fault that carries the request out, and answers when nobody waits any more.</summary>
    internal static Fault TooLate { get; } = new() { ApplyFirst = true, Delay = LoadClock.AttemptTimeout * 3 };

    internal FaultProxy Proxy { get; }

    internal EmulatedConnection Connection => _account.Connection;

    /// <summary>The account behind the proxy.</summary>
    internal EmulatedAccount Account => _account;

    /// <summary>A client that speaks through the proxy.</summary>
    internal DataConnectionsClient Client => _client;

    internal EmulatorOptions Options => _account.Options;

    internal IReadOnlyList<string> Warnings => _account.Warnings;

    /// <summary>What reached the service since <see cref="LoadAsync"/> was called last.</summary>
    internal IEnumerable<LoggedRequest> Requests => _account.Server.Service.Requests.Skip(Earlier);

    private int Earlier { get; set; }

    internal static ProxiedAccount Open(Action<EmulatorOptions>? configure = null) => new(configure);

    /// <summary>Has records there before the load at hand, sent past the proxy.</summary>
    internal async Task HoldAsync(params string[] keys)
    {
        var plan = _account.Options.FaultPlan;
        _account.Options.FaultPlan = null;
        using var direct = _account.NewClient(_account.Brand.ApiKey, _account.Brand.BrandKey);
        await _account.LoadAsync(_account.UploadPlan(), keys.Select(key => new Row(key, "before")), direct);
        _account.Options.FaultPlan = plan;
    }

    internal LoadPlan UploadPlan(int batchSize = 100) => _account.UploadPlan(batchSize: batchSize);

    internal LoadPlan UpdatePlan(int batchSize = 100) => _account.UpdatePlan(batchSize);

    internal LoadPlan DeletePlan(int batchSize = 100) => _account.DeletePlan(batchSize);

    internal Task<LoadReport> LoadAsync(LoadPlan plan, IEnumerable<Row> rows)
    {
        Earlier = _account.Server.Service.Requests.Count;
        _account.Warnings.Clear();
        return _account.LoadAsync(plan, rows, _client);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Proxy.DisposeAsync();
        await _account.DisposeAsync();
        _clock.Dispose();
    }
}
