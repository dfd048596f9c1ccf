using System.Text;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Answers that are whole, and odd.</summary>
internal static class AnswerFaults
{
    internal const string Endless = "A body, a head or a length of a chunk without an end";
    internal const string Empty = "204 and other successes that say nothing";
    internal const string Compressed = "gzip, deflate and brotli: whole, cut, garbage, swollen";
    internal const string WrongType = "A body of another type than its header says";
    internal const string SaysFailure = "A success status with a body that says it failed";
    internal const string Short = "A success that counts less than was sent, or something that is no count";

    // More than anybody should read; less than would be a burden.
    private const int Most = 32 << 20;

    private static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string('.', 16 * 1024));

    internal static IEnumerable<MatrixFault> All => [.. EndlessOnes, .. EmptyOnes, .. CompressedOnes, .. WrongTypes, .. FailureBodies, .. Counts];

    private static IEnumerable<MatrixFault> EndlessOnes =>
    [
        new(Endless, "a success in chunks", FaultEffect.Wordless) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", [.. "4000\r\n"u8, .. Piece, .. "\r\n"u8]) },
        new(Endless, "a success until the connection ends", FaultEffect.Wordless) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\n\r\n", Piece) },
        new(Endless, "a success with a length beyond all memory", FaultEffect.Wordless) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n", Piece) },
        StatusFaults.Meaning(Endless, "a 401", 401) with { Words = AnswerBody.Words, Play = visit => FloodAsync(visit, $"HTTP/1.1 401 No\r\n\r\n{AnswerBody.Words} ({visit.Echo})", Piece) },
        StatusFaults.Meaning(Endless, "a 400", 400) with { Words = AnswerBody.Words, Play = visit => FloodAsync(visit, $"HTTP/1.1 400 No\r\n\r\n{AnswerBody.Words} ({visit.Echo})", Piece) },
        StatusFaults.Meaning(Endless, "a 500", 500) with { Play = visit => FloodAsync(visit, "HTTP/1.1 500 No\r\n\r\n", Piece) },
        StatusFaults.Meaning(Endless, "a 403 whose page has the key where it is cut", 403) with
        {
            Play = async visit =>
            {
                var page = $"<html><script>{new string('.', (64 * 1024) - 70)}</script>{visit.Request.Head["x-api-key"]}";
                await FloodAsync(visit, $"HTTP/1.1 403 No\r\nContent-Type: text/html\r\n\r\n{page}", Piece);
            },
        },
        new(Endless, "a head", FaultEffect.Unheard) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\n", "x-more: and more, and more, and more, and more\r\n"u8.ToArray()) },
        new(Endless, "a header", FaultEffect.Unheard) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\nx-more: ", Piece) },
        new(Endless, "a status line", FaultEffect.Unheard) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 ", Piece) },
        new(Endless, "the length of a chunk", FaultEffect.Unheard) { Play = visit => FloodAsync(visit, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10;more=", Piece) },
    ];

    private static IEnumerable<MatrixFault> EmptyOnes =>
    [
        Success(Empty, "204", 204, FaultEffect.Wordless, _ => [], isBare: true),
        Success(Empty, "205", 205, FaultEffect.Wordless, _ => []),
        Success(Empty, "200 with nothing", 200, FaultEffect.Wordless, _ => []),
        Success(Empty, "202 with a word", 202, FaultEffect.Wordless, _ => AnswerBody.Utf8("ok")),
        Success(Empty, "299 with blanks", 299, FaultEffect.Wordless, _ => AnswerBody.Utf8(" \r\n ")),
        Success(Empty, "200 with an empty object", 200, FaultEffect.Wordless, _ => AnswerBody.Utf8("{}")),
        Success(Empty, "200 with null", 200, FaultEffect.Wordless, _ => AnswerBody.Utf8("null")),
        Success(Empty, "204 with a body in spite of it", 204, FaultEffect.Wordless, _ => AnswerBody.Utf8("{\"status\":\"error\"}")),
        Success(Empty, "201 with all that it should say", 201, FaultEffect.None, request => AnswerBody.Counted(request, "3")),
    ];

    private static IEnumerable<MatrixFault> CompressedOnes =>
    [
        Success(Compressed, "gzip", 200, FaultEffect.None, request => AnswerBody.Gzip(AnswerBody.Counted(request, "3")), "Content-Encoding: gzip"),
        Success(Compressed, "gzip that counts short", 200, FaultEffect.CountsShort, request => AnswerBody.Gzip(AnswerBody.Counted(request, "2")), "Content-Encoding: gzip"),
        Success(Compressed, "gzip that counts short behind 20,000 spaces", 200, FaultEffect.CountsShort, request => AnswerBody.Gzip([.. AnswerBody.Utf8(new string(' ', 20_000)), .. AnswerBody.Counted(request, "2")]), "Content-Encoding: gzip"),
        Success(Compressed, "deflate that counts short", 200, FaultEffect.CountsShort, request => AnswerBody.Deflate(AnswerBody.Counted(request, "2")), "Content-Encoding: deflate"),
        Success(Compressed, "brotli that counts short", 200, FaultEffect.CountsShort, request => AnswerBody.Brotli(AnswerBody.Counted(request, "2")), "Content-Encoding: br"),
        Success(Compressed, "gzip that is none", 200, FaultEffect.Unheard, _ => AnswerBody.Utf8("{\"status\":\"success\"}"), "Content-Encoding: gzip"),
        Success(Compressed, "deflate that is none", 200, FaultEffect.Unheard, _ => AnswerBody.Utf8("{\"status\":\"success\"}"), "Content-Encoding: deflate"),
        Success(Compressed, "brotli that is none", 200, FaultEffect.Unheard, _ => AnswerBody.Utf8("{\"status\":\"success\"}"), "Content-Encoding: br"),
        Success(Compressed, "gzip that is cut", 200, FaultEffect.Wordless, request => AnswerBody.Gzip(AnswerBody.Counted(request, "3"))[..^20], "Content-Encoding: gzip"),
        Success(Compressed, "gzip of a hundred megabytes", 200, FaultEffect.Wordless, _ => Bomb, "Content-Encoding: gzip"),
        Success(Compressed, "an encoding that nobody knows", 200, FaultEffect.Wordless, _ => [1, 2, 3], "Content-Encoding: x-strange"),
        StatusFaults.Meaning(Compressed, "a 401 in gzip", 401) with
        {
            Words = AnswerBody.Words,
            Play = visit => StatusFaults.PlayAsync(visit, 401, AnswerBody.Gzip(AnswerBody.Json(401, visit.Echo)), ["Content-Encoding: gzip", AnswerBody.JsonType]),
        },
        StatusFaults.Meaning(Compressed, "a 401 in gzip that is none", 401) with { Play = visit => StatusFaults.PlayAsync(visit, 401, AnswerBody.Text(visit.Echo), ["Content-Encoding: gzip"]) },
        StatusFaults.Meaning(Compressed, "a 401 in brotli that is none", 401) with { Play = visit => StatusFaults.PlayAsync(visit, 401, AnswerBody.Text(visit.Echo), ["Content-Encoding: br"]) },
    ];

    private static IEnumerable<MatrixFault> WrongTypes =>
    [
        Success(WrongType, "JSON as HTML", 200, FaultEffect.CountsShort, request => AnswerBody.Counted(request, "2"), AnswerBody.PageType),
        Success(WrongType, "JSON as an image", 200, FaultEffect.CountsShort, request => AnswerBody.Counted(request, "2"), "Content-Type: image/png"),
        Success(WrongType, "JSON of no type", 200, FaultEffect.CountsShort, request => AnswerBody.Counted(request, "2")),
        Success(WrongType, "JSON of a type that is none", 200, FaultEffect.CountsShort, request => AnswerBody.Counted(request, "2"), "Content-Type: ;;=;"),
        Success(WrongType, "JSON of a charset that nobody knows", 200, FaultEffect.CountsShort, request => AnswerBody.Counted(request, "2"), "Content-Type: application/json; charset=klingon"),
        Success(WrongType, "JSON behind a byte-order mark", 200, FaultEffect.CountsShort, request => [0xEF, 0xBB, 0xBF, .. AnswerBody.Counted(request, "2")], AnswerBody.JsonType),
        Success(WrongType, "HTML as JSON", 200, FaultEffect.Wordless, _ => AnswerBody.Page("nothing"), AnswerBody.JsonType),
        Success(WrongType, "bytes as JSON", 200, FaultEffect.Wordless, _ => [0, 255, 254, 193, 128], AnswerBody.JsonType),
        Success(WrongType, "JSON of ten thousand levels", 200, FaultEffect.Wordless, _ => AnswerBody.Utf8(new string('[', 10_000) + new string(']', 10_000)), AnswerBody.JsonType),
        Success(WrongType, "JSON with half a character", 200, FaultEffect.Wordless, _ => AnswerBody.Utf8("{\"status\":\"\\ud800\",\"message\":\"\\udfff\"}"), AnswerBody.JsonType),
        StatusFaults.Meaning(WrongType, "a 403 with JSON as HTML", 403) with { Words = AnswerBody.Words, Play = visit => StatusFaults.PlayAsync(visit, 403, AnswerBody.Json(403, visit.Echo), [AnswerBody.PageType]) },
        StatusFaults.Meaning(WrongType, "a 403 with HTML as JSON", 403) with { Words = AnswerBody.Words, Play = visit => StatusFaults.PlayAsync(visit, 403, AnswerBody.Page(visit.Echo), [AnswerBody.JsonType]) },
        StatusFaults.Meaning(WrongType, "a 403 with JSON of ten thousand levels", 403) with { Play = visit => StatusFaults.PlayAsync(visit, 403, AnswerBody.Utf8(new string('[', 10_000)), [AnswerBody.JsonType]) },
        StatusFaults.Meaning(WrongType, "a 403 with half a character", 403) with { Play = visit => StatusFaults.PlayAsync(visit, 403, AnswerBody.Utf8("{\"message\":\"\\ud800\"}"), [AnswerBody.JsonType]) },
    ];

    private static IEnumerable<MatrixFault> FailureBodies =>
    [
        .. new[] { "error", "ERROR", "fail", "failed", "Failure" }.Select(word => Failure($"status {word}", visit => AnswerBody.Failed(word, visit.Echo))),
        Failure("behind a byte-order mark", visit => [0xEF, 0xBB, 0xBF, .. AnswerBody.Failed("error", visit.Echo)]),
        Failure("as HTML", visit => AnswerBody.Failed("error", visit.Echo), AnswerBody.PageType),
        Failure("in gzip", visit => AnswerBody.Gzip(AnswerBody.Failed("error", visit.Echo)), "Content-Encoding: gzip"),
        Success(SaysFailure, "a word that is neither", 200, FaultEffect.Wordless, _ => AnswerBody.Utf8("{\"status\":\"queued\"}")),
    ];

    private static IEnumerable<MatrixFault> Counts =>
    [
        Counted("2", FaultEffect.CountsShort, 2),
        Counted("1", FaultEffect.CountsShort, 1),
        Counted("0", FaultEffect.CountsShort, 0),
        Counted("-1", FaultEffect.CountsShort, 0),
        Counted("-9223372036854775808", FaultEffect.CountsShort, 0),
        Counted("4", FaultEffect.None),
        Counted("9223372036854775807", FaultEffect.None),
        Counted("1e999", FaultEffect.None),
        Counted("2.5", FaultEffect.None),
        Counted("\"2\"", FaultEffect.None),
        Counted("null", FaultEffect.None),
        Counted("[2]", FaultEffect.None),
    ];

    private static byte[] Bomb { get; } = AnswerBody.Gzip(new byte[100 << 20]);

    private static MatrixFault Counted(string count, FaultEffect effect, int counted = 3) =>
        Success(Short, $"counts {count}", 200, effect, request => AnswerBody.Counted(request, count), AnswerBody.JsonType) with { Counted = counted };

    private static MatrixFault Failure(string name, Func<FaultVisit, byte[]> body, string header = AnswerBody.JsonType) =>
        new(SaysFailure, name, FaultEffect.Refuses) { Words = AnswerBody.Words, Play = visit => StatusFaults.PlayAsync(visit, 200, body(visit), [header]) };

    private static MatrixFault Success(string row, string name, int status, FaultEffect effect, Func<ReceivedRequest, byte[]> body, params string[] headers) =>
        Success(row, name, status, effect, body, isBare: false, headers);

    private static MatrixFault Success(string row, string name, int status, FaultEffect effect, Func<ReceivedRequest, byte[]> body, bool isBare, params string[] headers) =>
        new(row, name, effect)
        {
            Play = async visit =>
            {
                await visit.ReadBodyAsync();
                if (isBare)
                {
                    visit.Request.Answered = status;
                    await visit.WriteAsync(FaultVisit.HeadOf(status));
                    return;
                }

                await visit.AnswerAsync(status, body(visit.Request), headers);
            },
        };

    private static async Task FloodAsync(FaultVisit visit, string start, byte[] piece)
    {
        await visit.ReadBodyAsync();
        await visit.BeginAnswerAsync(start);
        while (visit.Written < Most)
        {
            await visit.WriteAsync(piece);
        }

        visit.Close();
    }
}
