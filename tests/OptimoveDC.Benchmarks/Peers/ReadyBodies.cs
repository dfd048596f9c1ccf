using System.Net.Http.Headers;
using OptimoveDC.Benchmarks.Workers;

namespace OptimoveDC.Benchmarks.Peers;

/// <summary>
/// The network's floor: the very bodies that the product sent when it was verified, held in memory and posted again
/// with as many in flight. What it takes is what sending takes, whoever wrote the bodies.
/// </summary>
internal sealed class ReadyBodies : IWorker
{
    internal const string Kind = "floor";
    private const int InFlight = 4;
    private const int RecordsOfBody = 5000;

    private readonly Uri _upload;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private byte[][] _bodies = [];

    /// <param name="service">The base address of the sink.</param>
    public ReadyBodies(string service)
    {
        _upload = new Uri($"{service}/connections/41ddf098-90b4-4a5d-a3d1-0fd8da3bfb89/upload_data");
        _http.DefaultRequestHeaders.Add("x-api-key", Kind);
        _http.DefaultRequestHeaders.Add("x-brand-key", Guid.Empty.ToString());
    }

    public Task<WorkerResult> DoAsync(WorkerCommand command)
    {
        if (command.Do == "hold")
        {
            _bodies = [.. Directory.GetFiles(command.Path!, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            return Task.FromResult(new WorkerResult { Records = _bodies.Length });
        }

        return Measurement.OfAsync(() => PostAllAsync(command.Count));
    }

    public void Dispose() => _http.Dispose();

    private async Task<long> PostAllAsync(int records)
    {
        var last = Math.Min(_bodies.Length, (records + RecordsOfBody - 1) / RecordsOfBody);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            for (var at = Interlocked.Increment(ref next); at < last; at = Interlocked.Increment(ref next))
            {
                using var content = new ByteArrayContent(_bodies[at]);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await _http.PostAsync(_upload, content).ConfigureAwait(false);
                answer.EnsureSuccessStatusCode();
            }
        }))).ConfigureAwait(false);
        return records;
    }
}
