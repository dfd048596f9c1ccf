using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

/// <summary>An emulator with one brand and one connection, whose clock stands still, and hand-written requests to it.</summary>
internal sealed class RunningEmulator : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public RunningEmulator(Func<FakeTimeProvider, EmulatorOptions>? options = null)
    {
        Server = EmulatorServer.Start(options?.Invoke(Clock) ?? new EmulatorOptions { TimeProvider = Clock });
        Brand = Service.AddBrand();
        Connection = Service.AddConnection(Brand, "customers", "user_id");
    }

    public FakeTimeProvider Clock { get; } = new(Start);

    public EmulatorServer Server { get; }

    public EmulatedService Service => Server.Service;

    public EmulatorOptions Options => Server.Options;

    public EmulatedBrand Brand { get; }

    public EmulatedConnection Connection { get; }

    public IEnumerable<string> Stored => Connection.Records.Select(record => record.Json);

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Task<Reply> UploadAsync(string json) => SendAsync(HttpMethod.Post, Path("upload_data"), json);

    public Task<Reply> UpdateAsync(string json) => SendAsync(HttpMethod.Put, Path("update_data"), json);

    public Task<Reply> DeleteAsync(string json) => SendAsync(HttpMethod.Post, Path("delete_data"), json);

    public Task<Reply> CreateAsync(string json) => SendAsync(HttpMethod.Post, "/connections", json);

    public string Path(string verb, EmulatedConnection? connection = null) => $"/connections/{(connection ?? Connection).Id}/{verb}";

    public Task<Reply> SendAsync(HttpMethod method, string path, string json, Action<HttpRequestMessage>? change = null) =>
        SendAsync(method, path, Encoding.UTF8.GetBytes(json), change);

    public async Task<Reply> SendAsync(HttpMethod method, string path, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, Server.BaseAddress + path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.Add("x-api-key", Brand.ApiKey);
        request.Headers.Add("x-brand-key", Brand.BrandKey.ToString());
        change?.Invoke(request);
        using var response = await Client.SendAsync(request, Cancelled);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled), headers);
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "What was waited for did not happen.");
            await Task.Delay(5, Cancelled);
        }
    }

    /// <summary>Sets the clock forward by minutes: the emulator may reach its timer only after the clock was set.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition) => UntilAsync(() =>
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        return condition();
    });

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    internal sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonNode Json => JsonNode.Parse(Body)!;
    }
}
