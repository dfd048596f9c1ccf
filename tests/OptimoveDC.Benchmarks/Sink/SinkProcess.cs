using System.Net.Http.Json;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Sink;

/// <summary>The sink, as the benchmark sees it: an address, settings, and counts.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private SinkProcess(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    internal Uri Address { get; }

    /// <summary>The address that stands for the service's own.</summary>
    internal Uri Service => new(Address, "/api/data-connections/v1");

    internal static async Task<SinkProcess> StartAsync()
    {
        var process = ChildProcess.StartSelf("sink");
        return new SinkProcess(process, new Uri(await process.ReadLineAsync().ConfigureAwait(false)));
    }

    /// <summary>Starts the counts anew.</summary>
    internal async Task ResetAsync(SinkSettings settings)
    {
        using var answer = await _http.PutAsJsonAsync("/control/settings", settings).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    internal async Task<SinkTally> TallyAsync() => (await _http.GetFromJsonAsync<SinkTally>("/control/tally").ConfigureAwait(false))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync().ConfigureAwait(false);
    }
}
