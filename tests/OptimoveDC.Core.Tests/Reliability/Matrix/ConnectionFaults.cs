using System.Security.Cryptography.X509Certificates;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>What can happen to a connection: it isn't made, it breaks, it is not what it says, it says nothing.</summary>
internal static class ConnectionFaults
{
    internal const string Refused = "The connection is refused";
    internal const string Unknown = "The host is not known";
    internal const string Broken = "The connection is reset before, during or after the body, or ends without a word";
    internal const string Nonsense = "Something answers that speaks no HTTP";
    internal const string Untrusted = "TLS: a self-made certificate, an expired one, none at all, a broken handshake";
    internal const string WrongName = "TLS: a certificate for another host";
    internal const string SlowHead = "The head of the answer comes slowly, or never";
    internal const string SlowBody = "The body of the answer comes slowly, or never to its end";

    private static readonly TimeSpan Slowly = TimeSpan.FromSeconds(10);
    private static readonly X509Certificate2 SelfMade = ServerCertificate.Make("localhost", TimeSpan.FromDays(1));

    internal static IEnumerable<MatrixFault> All =>
    [
        new(Refused, "nobody listens", FaultEffect.NotReached) { RefusesConnections = true },
        new(Unknown, "a name under .invalid", FaultEffect.NotReached) { Host = "no-such-host.invalid", NeverPasses = true, Certificate = SelfMade },
        .. Breaks,
        .. Handshakes,
        .. SlowHeads,
        .. SlowBodies,
    ];

    private static IEnumerable<MatrixFault> Breaks =>
    [
        new(Broken, "ended as soon as it is made", FaultEffect.Unheard) { Greet = visit => Over(visit.Close) },
        new(Broken, "reset before the body", FaultEffect.Unheard) { Play = visit => Over(visit.Reset) },
        new(Broken, "reset during the body", FaultEffect.Unheard)
        {
            ValueLength = 200_000,
            Play = async visit =>
            {
                await visit.ReadHalfOfBodyAsync();
                visit.Reset();
            },
        },
        new(Broken, "reset after the body", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "", visit.Reset) },
        new(Broken, "ended before the body", FaultEffect.Unheard) { Play = visit => Over(visit.Close) },
        new(Broken, "ended after the body", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "", visit.Close) },
        new(Broken, "ended within the head of the answer", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "HTTP/1.1 200 OK\r\nContent-Le", visit.Close) },
        new(Broken, "reset within the body of the answer", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":", visit.Reset) },
        new(Broken, "ended within the body of a success", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":", visit.Close) },
        new(Broken, "ended between two chunks of a success", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", visit.Close) },
        new(Nonsense, "a greeting of another protocol", FaultEffect.Unheard) { Play = visit => AfterBody(visit, $"220 ready ({visit.Echo})\r\n", visit.Close) },
        new(Nonsense, "a status that is no number", FaultEffect.Unheard) { Play = visit => AfterBody(visit, $"HTTP/1.1 abc {visit.Echo}\r\n\r\n", visit.Close) },
        new(Nonsense, "a header without a name", FaultEffect.Unheard) { Play = visit => AfterBody(visit, $"HTTP/1.1 200 OK\r\n: {visit.Echo}\r\n\r\n", visit.Close) },
        new(Nonsense, "a length that is none, of a body that ends with the connection", FaultEffect.Wordless) { Play = visit => AfterBody(visit, "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok", visit.Close) },
        new(Nonsense, "bytes of TLS", FaultEffect.Unheard) { Play = visit => AfterBody(visit, "\u0015\u0003\u0001\0\u0002\u0002F", visit.Close) },
    ];

    private static IEnumerable<MatrixFault> Handshakes =>
    [
        Handshake(Untrusted, "a self-made certificate", FaultEffect.Untrusted),
        Handshake(Untrusted, "an expired certificate", FaultEffect.Untrusted) with { Certificate = ServerCertificate.Make("localhost", TimeSpan.FromDays(-1)) },
        Handshake(WrongName, "a self-made certificate for another host", FaultEffect.Untrusted) with { Certificate = ServerCertificate.Make("other.example", TimeSpan.FromDays(1)) },
        Handshake(Untrusted, "plain HTTP where TLS should be", FaultEffect.Untrusted) with
        {
            Greet = async visit =>
            {
                await visit.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                visit.Close();
                return true;
            },
        },
        Handshake(Untrusted, "reset in the handshake", FaultEffect.NotReached) with { Greet = visit => Over(visit.Reset) },
        Handshake(Untrusted, "no word in the handshake", FaultEffect.Unheard) with
        {
            // A handler waits some seconds of real time for a handshake that its request has given up, before it tries another.
            Attempts = 1,
            Greet = async visit =>
            {
                await visit.HoldAsync();
                return true;
            },
        },
    ];

    private static IEnumerable<MatrixFault> SlowHeads =>
    [
        new(SlowHead, "no answer at all", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "") },
        new(SlowHead, "half a status line", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "HTTP/1.1 20") },
        new(SlowHead, "a head that does not end", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n") },
        new(SlowHead, "a line of the head now and then, for ever", FaultEffect.Unheard) { Play = visit => DripAsync(visit, "HTTP/1.1 200 OK\r\n", "x-more: 1\r\n") },
        new(SlowHead, "«continue» now and then, for ever", FaultEffect.Unheard) { Play = visit => DripAsync(visit, "", "HTTP/1.1 100 Continue\r\n\r\n") },
        new(SlowHead, "slow, and in time", FaultEffect.None) { Play = visit => InTimeAsync(visit, cutAt: 20) },
    ];

    private static IEnumerable<MatrixFault> SlowBodies =>
    [
        new(SlowBody, "a success that stops half-way", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":") },
        new(SlowBody, "a success without its last chunk", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n") },
        new(SlowBody, "a byte of it now and then, for ever", FaultEffect.Unheard) { Play = visit => DripAsync(visit, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", " ") },
        new(SlowBody, "a failure that stops half-way", FaultEffect.Unheard) { Play = visit => HoldAsync(visit, "HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{") },
        new(SlowBody, "slow, and in time", FaultEffect.None) { Play = visit => InTimeAsync(visit, cutAt: 140) },
        new(SlowBody, "a large one that stops beyond what anybody wants of it", FaultEffect.Wordless)
        {
            Play = async visit =>
            {
                await visit.ReadBodyAsync();
                await visit.BeginAnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('.', 200_000));
                await visit.AwaitEndAsync();
            },
        },
    ];

    private static MatrixFault Handshake(string row, string name, FaultEffect effect) =>
        new(row, name, effect) { Host = "localhost", Certificate = SelfMade, NeverPasses = true };

    private static Task<bool> Over(Action end)
    {
        end();
        return Task.FromResult(true);
    }

    private static async Task AfterBody(FaultVisit visit, string answer, Action end)
    {
        await visit.ReadBodyAsync();
        await visit.BeginAnswerAsync(answer);
        end();
    }

    private static async Task HoldAsync(FaultVisit visit, string answer)
    {
        await visit.ReadBodyAsync();
        await visit.BeginAnswerAsync(answer);
        await visit.HoldAsync();
    }

    private static async Task DripAsync(FaultVisit visit, string start, string drop)
    {
        await visit.ReadBodyAsync();
        await visit.WriteAsync(start);
        while (await visit.PauseAsync(Slowly))
        {
            await visit.WriteAsync(drop);
        }

        visit.Close();
    }

    private static async Task InTimeAsync(FaultVisit visit, int cutAt)
    {
        await visit.ReadBodyAsync();
        var (status, body) = FaultVisit.SuccessOf(visit.Request);
        byte[] answer = [.. FaultVisit.HeadOf(status, $"Content-Length: {body.Length}", AnswerBody.JsonType, $"x-filler: {new string('x', 80)}"), .. body];
        await visit.WriteAsync(answer.AsMemory(0, cutAt));
        await visit.PauseAsync(Slowly);
        await visit.PauseAsync(Slowly);
        visit.Request.Answered = status;
        await visit.WriteAsync(answer.AsMemory(cutAt));
        visit.Close();
    }
}
