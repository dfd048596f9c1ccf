using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OptimoveDC.Core.Tests.Emulator;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Faults;

/// <summary>The proxy itself: what passes unchanged, and that each fault is what it says.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private const string OneRecord = """{"data":[{"user_id":"a"}]}""";

    private readonly FakeTimeProvider _time = new();
    private readonly RunningEmulator _emulator;
    private readonly FaultProxy _proxy;
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    public FaultProxyTests()
    {
        _emulator = new RunningEmulator(_ => new EmulatorOptions { KeepBodies = true, MaxRequestBytes = 100_000_000 });
        _proxy = FaultProxy.Start(_emulator.Server.BaseAddress, _time);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_and_answers_pass_unchanged_over_one_connection_that_is_kept()
    {
        var bodies = Enumerable.Range(0, 50).Select(n => $$"""{"data":[{"user_id":{{n}},"text":"{{new string('é', n * 997)}}"}]}""").ToList();
        foreach (var body in bodies)
        {
            using var answer = await SendAsync(body);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Contains("\"uploaded_records\":1", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(bodies, _emulator.Service.Requests.Select(request => request.BodyText()));
        Assert.Equal(1, _proxy.ConnectionCount);
        Assert.Equal(_emulator.Service.Requests.Select(request => request.RequestId), _proxy.Requests.Select(request => request.RequestId));
        Assert.All(_proxy.Requests, request => Assert.True(request is { WasDelivered: true, WasAnswered: true, FaultPlayed: false, Status: 200 }));
    }

    [Fact]
    public async Task A_chunked_body_passes_whole_and_the_next_request_begins_where_it_ends()
    {
        var body = $$"""{"data":[{"user_id":"a","text":"{{new string('x', 200_000)}}"}]}""";
        using var first = await SendAsync(body, isChunked: true);
        using var second = await SendAsync(OneRecord);

        Assert.Equal((200, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal([body, OneRecord], _emulator.Service.Requests.Select(request => request.BodyText()));
        Assert.Equal((1, -1L), (_proxy.ConnectionCount, _proxy.Requests[0].ContentLength));
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_own_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
        {
            using var answer = await SendAsync("{\"data\":[" + string.Join(',', Enumerable.Range(0, n + 1).Select(k => $$"""{"user_id":{{k}}}""")) + "]}");
            return await answer.Content.ReadAsStringAsync(Cancelled);
        }));

        Assert.All(answers.Select((text, at) => (Text: text, Number: at + 1)), answer => Assert.Contains($"\"uploaded_records\":{answer.Number},", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_passes_with_its_body()
    {
        using var answer = await SendAsync("""{"data":[{"name":"no key"}]}""");

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("user_id", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(400, _proxy.Requests[0].Status);
    }

    [Fact]
    public async Task A_reset_before_the_body_passes_nothing_on()
    {
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetBeforeBody);

        await AssertBrokenAsync(OneRecord);

        Assert.Equal(0, _emulator.Service.RequestCount);
        Assert.Equal(1, _proxy.Played(ProxyFaultKind.ResetBeforeBody));
    }

    [Fact]
    public async Task A_reset_is_a_real_one()
    {
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetBeforeBody);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_proxy.BaseAddress.Host, _proxy.BaseAddress.Port, Cancelled);
        await socket.SendAsync("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"u8.ToArray(), Cancelled);

        var fault = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], Cancelled));

        Assert.Equal(SocketError.ConnectionReset, fault.SocketErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue)]
    public async Task A_reset_during_the_body_passes_a_part_on_and_never_the_whole(int bytes)
    {
        var body = $$"""{"data":[{"user_id":"a","text":"{{new string('x', 8_000_000)}}"}]}""";
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetDuringBody) { AfterBytes = bytes };

        await AssertBrokenAsync(body);

        await RunningEmulator.UntilAsync(() => bytes == 0 || _emulator.Service.Requests is [{ BodyLength: > 0 }]);
        Assert.All(_emulator.Service.Requests, request => Assert.InRange(request.BodyLength, 0, Math.Min(bytes, body.Length - 1)));
        Assert.Empty(_emulator.Connection.Arrivals);
        Assert.Equal(1, _proxy.Played(ProxyFaultKind.ResetDuringBody));
        Assert.False(_proxy.Requests[0].WasDelivered);
    }

    [Fact]
    public async Task A_reset_after_the_body_lets_the_service_act_and_the_sender_hear_nothing()
    {
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.ResetAfterBody);

        await AssertBrokenAsync(OneRecord);

        Assert.Single(_emulator.Connection.Records);
        Assert.Equal(1, _proxy.Played(ProxyFaultKind.ResetAfterBody));
        Assert.True(_proxy.Requests[0] is { WasDelivered: true, WasAnswered: false, Status: 200 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(int.MaxValue)]
    public async Task A_cut_answer_is_a_broken_one_wherever_it_is_cut(int bytes)
    {
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.CutAnswer) { AfterBytes = bytes };

        await AssertBrokenAsync(OneRecord);

        Assert.Single(_emulator.Connection.Records);
        Assert.Equal(1, _proxy.Played(ProxyFaultKind.CutAnswer));
        Assert.False(_proxy.Requests[0].WasAnswered);
    }

    [Fact]
    public async Task A_garbled_answer_is_a_broken_one()
    {
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.GarbledHead);

        await AssertBrokenAsync(OneRecord);

        Assert.Equal(1, _proxy.Played(ProxyFaultKind.GarbledHead));
    }

    [Fact]
    public async Task A_garbled_body_keeps_the_status_and_the_connection()
    {
        _proxy.Plan = request => request.Number == 1 ? new ProxyFault(ProxyFaultKind.GarbledBody) : null;
        using var first = await SendAsync(OneRecord);
        using var second = await SendAsync(OneRecord);

        Assert.Equal((200, 200), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.StartsWith("<html>", await first.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.StartsWith("{", await second.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(1, _proxy.Played(ProxyFaultKind.GarbledBody));
        Assert.Equal(1, _proxy.ConnectionCount);
    }

    [Fact]
    public async Task A_body_that_is_not_there_is_not_garbled_and_not_counted()
    {
        _emulator.Options.UploadResponseShape = UploadResponseShape.Empty;
        _proxy.Plan = _ => new ProxyFault(ProxyFaultKind.GarbledBody);
        using var answer = await SendAsync(OneRecord);

        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal(0, _proxy.Played(ProxyFaultKind.GarbledBody));
    }

    [Fact]
    public async Task A_stalled_request_is_never_passed_on_and_ends_with_the_patience_of_its_sender()
    {
        _proxy.Plan = request => request.Number == 1 ? new ProxyFault(ProxyFaultKind.Stall) : null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var stalled = SendAsync(OneRecord, cancellationToken: patience.Token);
        await RunningEmulator.UntilAsync(() => _proxy.Played(ProxyFaultKind.Stall) == 1);
        using var other = await SendAsync(OneRecord);
        Assert.False(stalled.IsCompleted);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        Assert.Equal(1, _emulator.Service.RequestCount);
    }

    [Fact]
    public async Task A_refusal_is_a_reset_and_then_no_connection_at_all_for_a_while()
    {
        _proxy.Plan = request => request.Number == 1 ? new ProxyFault(ProxyFaultKind.Refuse) { Delay = TimeSpan.FromMinutes(1) } : null;
        await AssertBrokenAsync(OneRecord);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(OneRecord));
            Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        }

        _time.Advance(TimeSpan.FromMinutes(1));

        HttpResponseMessage? answer = null;
        for (var attempt = 0; attempt < 1000 && answer is null; attempt++)
        {
            await Task.Delay(5, Cancelled);
            answer = await TryAsync(OneRecord);
        }

        Assert.Equal(200, (int)answer!.StatusCode);
        Assert.Equal((1, 1L), (_proxy.Played(ProxyFaultKind.Refuse), _emulator.Service.RequestCount));
    }

    [Theory]
    [InlineData(ProxyFaultKind.SlowRequest)]
    [InlineData(ProxyFaultKind.SlowAnswer)]
    public async Task A_slow_message_arrives_whole_after_its_pauses(ProxyFaultKind kind)
    {
        _proxy.Plan = _ => new ProxyFault(kind) { Delay = TimeSpan.FromMinutes(1) };
        var slow = SendAsync(OneRecord);
        await RunningEmulator.UntilAsync(() => _proxy.Requests.Count == 1);
        await Task.Delay(50, Cancelled);
        Assert.False(slow.IsCompleted);

        await RunningEmulator.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return slow.IsCompleted;
        });

        using var answer = await slow;
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("\"status\":\"success\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(OneRecord, Assert.Single(_emulator.Service.Requests).BodyText());
        Assert.Equal(1, _proxy.Played(kind));
    }

    [Fact]
    public async Task A_service_that_breaks_off_is_a_broken_connection_for_the_sender_too()
    {
        _emulator.Options.FaultPlan = _ => new Fault { NeverAnswer = true };
        var held = SendAsync(OneRecord);
        await RunningEmulator.UntilAsync(() => _emulator.Service.RequestCount == 1);
        await _emulator.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => held);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    private async Task AssertBrokenAsync(string body)
    {
        var broken = await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var answer = await SendAsync(body);
            Assert.Fail($"answered {(int)answer.StatusCode}");
        });
        Assert.NotEqual(HttpRequestError.ConnectionError, broken.HttpRequestError);
    }

    private async Task<HttpResponseMessage?> TryAsync(string body)
    {
        try
        {
            return await SendAsync(body);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string body, bool isChunked = false, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _proxy.BaseAddress + _emulator.Path("upload_data"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.Add("x-api-key", _emulator.Brand.ApiKey);
        request.Headers.Add("x-brand-key", _emulator.Brand.BrandKey.ToString());
        return await _client.SendAsync(request, cancellationToken ?? Cancelled);
    }
}
