using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

public sealed class LifetimeTests
{
    private const string OneRecord = """{"data":[{"user_id":"a"}]}""";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_address_is_loopback_without_a_slash_at_its_end()
    {
        await using var emulator = new RunningEmulator();
        Assert.Equal($"http://127.0.0.1:{emulator.Server.BaseAddress.Port}/api/data-connections/v1", emulator.Server.BaseAddress.ToString());
    }

    [Fact]
    public async Task Keys_are_different_at_each_start()
    {
        await using var one = new RunningEmulator();
        await using var two = new RunningEmulator();
        Assert.NotEqual(one.Brand.ApiKey, two.Brand.ApiKey);
        Assert.NotEqual(one.Brand.BrandKey, two.Brand.BrandKey);
        Assert.Throws<ArgumentException>(() => one.Service.AddConnection(two.Brand, "n", "k"));
    }

    [Fact]
    public async Task Dispose_breaks_requests_that_are_held_or_delayed_and_a_second_dispose_is_harmless()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.FaultPlan = request => request.Sequence % 2 == 0 ? new Fault { NeverAnswer = true, ApplyFirst = true } : new Fault { Delay = TimeSpan.FromDays(1) };
        var held = Enumerable.Range(0, 10).Select(_ => emulator.UploadAsync(OneRecord)).ToArray();
        await RunningEmulator.UntilAsync(() => emulator.Connection.Records.Count == 1 && emulator.Connection.Batches.Count == 5 && emulator.Service.RequestCount == 10);

        await emulator.Server.DisposeAsync().AsTask().WaitAsync(Bound, TestContext.Current.CancellationToken);
        await emulator.Server.DisposeAsync();

        foreach (var request in held)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
        }

        Assert.All(emulator.Service.Requests, request => Assert.Null(request.StatusCode));
    }

    [Fact]
    public async Task Dispose_does_not_wait_for_a_client_that_stopped_sending()
    {
        await using var emulator = new RunningEmulator();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", emulator.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
        var head = $"POST {emulator.Server.BaseAddress.AbsolutePath}/connections HTTP/1.1\r\nHost: 127.0.0.1:{emulator.Server.BaseAddress.Port}\r\nContent-Length: 1000\r\n\r\nhalf";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await RunningEmulator.UntilAsync(() => emulator.Service.RequestCount == 1 && emulator.Service.Requests[0].BodyLength == 4);
        await emulator.Server.DisposeAsync().AsTask().WaitAsync(Bound, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_that_breaks_off_is_logged_without_a_status_and_harms_nobody()
    {
        await using var emulator = new RunningEmulator();
        using (var client = new TcpClient { LingerState = new LingerOption(true, 0) })
        {
            await client.ConnectAsync("127.0.0.1", emulator.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
            var head = $"POST {emulator.Server.BaseAddress.AbsolutePath}/connections HTTP/1.1\r\nHost: 127.0.0.1:{emulator.Server.BaseAddress.Port}\r\nContent-Length: 1000\r\n\r\nhalf";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            await RunningEmulator.UntilAsync(() => emulator.Service.RequestCount == 1 && emulator.Service.Requests[0].BodyLength == 4);
        }

        Assert.Equal(200, (await emulator.UploadAsync(OneRecord)).Status);
        Assert.Null(emulator.Service.Requests[0].StatusCode);
    }

    [Fact]
    public async Task Dispose_under_load_ends_and_no_success_is_heard_that_was_none()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var emulator = new RunningEmulator();
            var clients = Enumerable.Range(0, 8).Select(client => HammerAsync(emulator, client)).ToArray();
            await RunningEmulator.UntilAsync(() => emulator.Service.RequestCount > round * 5);
            await emulator.Server.DisposeAsync().AsTask().WaitAsync(Bound, TestContext.Current.CancellationToken);
            var heard = await Task.WhenAll(clients);
            Assert.All(heard.SelectMany(keys => keys), key => Assert.NotNull(emulator.Connection.Find(key)));
        }
    }

    private static async Task<List<string>> HammerAsync(RunningEmulator emulator, int client)
    {
        var heard = new List<string>();
        for (var i = 0; ; i++)
        {
            try
            {
                var reply = await emulator.UploadAsync($$"""{"data":[{"user_id":"{{client}}-{{i}}"}]}""");
                Assert.Equal((200, true), (reply.Status, reply.Body.Length > 0));
                heard.Add($"\"{client}-{i}\"");
            }
            catch (HttpRequestException)
            {
                return heard;
            }
        }
    }

    [Fact]
    public async Task Hundreds_of_emulators_start_and_stop_quickly_and_leave_no_unobserved_exception()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
            {
                unobserved.Add(e.Exception);
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            var clock = Stopwatch.StartNew();
            for (var round = 0; round < 10; round++)
            {
                var emulators = Enumerable.Range(0, 30).Select(_ => new RunningEmulator()).ToArray();
                var replies = await Task.WhenAll(emulators.Select(emulator => emulator.UploadAsync(OneRecord)));
                Assert.All(replies, reply => Assert.Equal(200, reply.Status));
                await Task.WhenAll(emulators.Select(emulator => emulator.DisposeAsync().AsTask()));

                // Unused ones, on a busy pool: the listener may close before its first wait for a request has begun.
                await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await new RunningEmulator().DisposeAsync())));
            }

            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.DoesNotContain(unobserved, e => e.ToString().Contains("Emulator", StringComparison.Ordinal) || e.ToString().Contains("HttpListener", StringComparison.Ordinal));
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    [Fact]
    public async Task An_emulator_that_is_started_again_has_its_keys_its_content_and_its_log()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync(OneRecord);
        Assert.Throws<InvalidOperationException>(() => EmulatorServer.Restart(emulator.Server));
        await emulator.Server.DisposeAsync();

        await using var again = EmulatorServer.Restart(emulator.Server);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, again.BaseAddress + emulator.Path("upload_data"));
        request.Content = new StringContent("""{"data":[{"user_id":"another"}]}""", Encoding.UTF8, "application/json");
        request.Headers.Add("x-api-key", emulator.Brand.ApiKey);
        request.Headers.Add("x-brand-key", emulator.Brand.BrandKey.ToString());
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal((2, 2L), (emulator.Connection.Records.Count, again.Service.RequestCount));
    }

    [Fact]
    public async Task Large_uploads_in_parallel_are_taken_whole()
    {
        await using var emulator = new RunningEmulator();
        emulator.Options.KeepArrivals = false;
        var filler = new string('x', 1000);
        byte[] Body(int part) => Encoding.UTF8.GetBytes($$"""{"data":[{{string.Join(',', Enumerable.Range(part * 5000, 5000).Select(i => $$"""{"user_id":"{{i}}","name":"n","amount":12.50,"text":"{{filler}}"}"""))}}]}""");
        var bodies = Enumerable.Range(0, 4).Select(Body).ToArray();
        var clock = Stopwatch.StartNew();
        var replies = await Task.WhenAll(bodies.Select(body => emulator.SendAsync(HttpMethod.Post, emulator.Path("upload_data"), body)));
        TestContext.Current.SendDiagnosticMessage("{0} MB in {1}", bodies.Sum(body => body.Length) / 1e6, clock.Elapsed);
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(20_000, emulator.Connection.Records.Count);
        Assert.Empty(emulator.Service.Arrivals);
        Assert.EndsWith("x\"}", emulator.Connection.Find("\"19999\"")!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_is_counted_and_logged_with_its_headers_and_answer()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync(OneRecord);
        await emulator.SendAsync(HttpMethod.Get, "/nowhere?x=1", "");
        Assert.Equal(2, emulator.Service.RequestCount);
        var (first, second) = (emulator.Service.Requests[0], emulator.Service.Requests[1]);
        Assert.Equal((1L, "POST", emulator.Server.BaseAddress.AbsolutePath + emulator.Path("upload_data"), (long)OneRecord.Length, 200), (first.Sequence, first.Method, first.Path, first.BodyLength, first.StatusCode));
        Assert.Equal((emulator.Brand.ApiKey, RunningEmulator.Start), (first.Headers["X-API-KEY"], first.ReceivedAt));
        Assert.Equal((2L, "GET", 404), (second.Sequence, second.Method, second.StatusCode));
        Assert.EndsWith("/nowhere?x=1", second.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrivals_tell_each_keys_values_in_the_order_they_were_applied()
    {
        await using var emulator = new RunningEmulator();
        await emulator.UploadAsync("""{"data":[{"user_id":1,"v":1}]}""");
        await emulator.UpdateAsync("""[{"primary_key":1,"data":{"v":2}}]""");
        await emulator.DeleteAsync("""{"primary_keys":[1]}""");
        Assert.Equal(
            [(1L, 1L, RecordOperation.Upload, "1", """{"user_id":1,"v":1}""", true), (2L, 2L, RecordOperation.Update, "1", """{"v":2}""", true), (3L, 3L, RecordOperation.Delete, "1", null, true)],
            emulator.Service.Arrivals.Select(arrival => (arrival.Sequence, arrival.RequestSequence, arrival.Operation, arrival.KeyJson, arrival.ValueJson, arrival.Accepted)));
        Assert.All(emulator.Service.Arrivals, arrival => Assert.Equal(emulator.Connection.Id, arrival.ConnectionId));
        Assert.Equal([emulator.Connection.Batches[0].Id, null, null], emulator.Service.Arrivals.Select(arrival => arrival.BatchId));
    }
}
