using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using OptimoveDC.Core.Tests.Loading.Properties;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Emulator;

/// <summary>The emulator is for this machine alone, and takes no more memory than it must.</summary>
[Collection(nameof(RunsAlone))]
public sealed class ConfinementTests
{
    [Fact]
    public async Task No_other_address_of_this_machine_answers()
    {
        await using var emulator = new RunningEmulator();
        List<IPAddress> others =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(address => !address.Equals(IPAddress.Loopback)),
            .. OperatingSystem.IsLinux() ? [IPAddress.Parse("127.0.0.2")] : Array.Empty<IPAddress>(),
        ];
        Assert.SkipWhen(others.Count == 0, "This machine has no other address.");
        foreach (var address in others)
        {
            using var client = new TcpClient(address.AddressFamily);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(address, emulator.Server.BaseAddress.Port, limit.Token).AsTask());
        }
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("0.0.0.0")]
    public async Task A_page_that_calls_this_machine_by_another_name_is_not_served(string host)
    {
        await using var emulator = new RunningEmulator();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, emulator.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
        var body = """{"name":"x","primary_key":"y"}""";
        var request = $"POST {emulator.Server.BaseAddress.AbsolutePath}/connections HTTP/1.1\r\nHost: {host}:{emulator.Server.BaseAddress.Port}\r\nx-api-key: {emulator.Brand.ApiKey}\r\nx-brand-key: {emulator.Brand.BrandKey}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());

        Assert.Contains(" 4", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, emulator.Service.RequestCount);
        Assert.Single(emulator.Service.Connections);
    }

    [Fact]
    public async Task Ports_are_drawn_and_not_counted_up()
    {
        var ports = new List<int>();
        for (var start = 0; start < 12; start++)
        {
            await using var emulator = new RunningEmulator();
            ports.Add(emulator.Server.BaseAddress.Port);
        }

        Assert.All(ports, port => Assert.InRange(port, 20_000, 32_000));
        var steps = ports.Zip(ports.Skip(1), (one, next) => next - one).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.True(steps.Distinct().Count() > steps.Count / 2, string.Join(' ', ports));
    }

    [Fact]
    public async Task A_body_of_hundreds_of_megabytes_takes_no_more_memory_than_a_small_one()
    {
        const int Blocks = 300;
        await using var emulator = new RunningEmulator();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, emulator.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
        var block = new byte[1_000_000];
        var head = $"POST {emulator.Path("upload_data")} HTTP/1.1\r\nHost: 127.0.0.1:{emulator.Server.BaseAddress.Port}\r\nx-api-key: {emulator.Brand.ApiKey}\r\nx-brand-key: {emulator.Brand.BrandKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            .Replace("POST /", $"POST {emulator.Server.BaseAddress.AbsolutePath}/", StringComparison.Ordinal);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var sent = 0; sent < Blocks; sent++)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{block.Length:X}\r\n"), TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(block, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await RunningEmulator.UntilAsync(() => emulator.Service.Requests[0].BodyLength > 250_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);
        await client.GetStream().WriteAsync("0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains(" 413 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_announced_and_not_sent_takes_no_memory()
    {
        const int Clients = 50;
        await using var emulator = new RunningEmulator();
        var clients = Enumerable.Range(0, Clients).Select(_ => new TcpClient()).ToList();
        try
        {
            var head = $"POST {emulator.Server.BaseAddress.AbsolutePath}/connections HTTP/1.1\r\nHost: 127.0.0.1:{emulator.Server.BaseAddress.Port}\r\nContent-Length: {emulator.Options.MaxRequestBytes}\r\n\r\n[";
            var before = GC.GetTotalMemory(forceFullCollection: true);
            foreach (var client in clients)
            {
                await client.ConnectAsync(IPAddress.Loopback, emulator.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            }

            await RunningEmulator.UntilAsync(() => emulator.Service.Requests.Count(request => request.BodyLength == 1) == Clients);

            // What they announced is 500 MB.
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50_000_000);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_log_that_is_bounded_keeps_the_last_requests_and_counts_them_all()
    {
        await using var emulator = new RunningEmulator(clock => new EmulatorOptions { TimeProvider = clock, MostRequestsKept = 3 });
        for (var request = 0; request < 10; request++)
        {
            await emulator.CreateAsync("{}");
        }

        Assert.Equal(10, emulator.Service.RequestCount);
        Assert.Equal([8L, 9L, 10L], emulator.Service.Requests.Select(request => request.Sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { MostRequestsKept = 0 });
    }
}
