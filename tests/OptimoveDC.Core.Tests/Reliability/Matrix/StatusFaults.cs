using OptimoveDC.Core.Api;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary>Every status that is no success, with every kind of body.</summary>
internal static class StatusFaults
{
    internal const string Refusals = "4xx of every kind, with a body of JSON, text, HTML, none, or one that is cut off";
    internal const string Failures = "5xx of every kind, with a body of JSON, text, HTML, none, or one that is cut off";
    internal const string Redirects = "3xx of every kind, to another host, to elsewhere on this one, or to nowhere";
    internal const string Strangers = "A status that HTTP doesn't know";

    private static readonly int[] Refused = [400, .. Enumerable.Range(401, 18), .. Enumerable.Range(421, 6), 428, 429, 431, 451, 499];
    private static readonly int[] Failed = [.. Enumerable.Range(500, 12), 520, 522, 524, 530, 599];

    // These speak of what the server can do at all, or of a network that wants a login: the request was not tried.
    private static readonly int[] NeverTried = [501, 505, 511];

    internal static IEnumerable<MatrixFault> All =>
    [
        .. Refused.SelectMany(status => Bodies(Refusals, status)),
        .. Failed.SelectMany(status => Bodies(Failures, status)),
        .. new[] { 300, 301, 302, 303, 304, 305, 306, 307, 308 }.SelectMany(Places),
        Plain(Strangers, 600),
        Plain(Strangers, 999),
        Plain(Strangers, 101) with { Play = visit => PlayAsync(visit, 101, [], ["Connection: Upgrade", "Upgrade: something"], closes: true), Words = null },
    ];

    /// <summary>What a status means that is no success, when its answer was heard to the end.</summary>
    internal static MatrixFault Meaning(string row, string name, int status) => new(row, name, EffectOf(status)) { Condition = ConditionOf(status) };

    internal static async Task PlayAsync(FaultVisit visit, int status, byte[] body, IEnumerable<string> headers, bool closes = false)
    {
        await visit.ReadBodyAsync();
        await visit.AnswerAsync(status, body, [.. headers, $"x-request-id: {visit.Request.Head["x-api-key"]}"]);
        if (closes)
        {
            visit.Close();
        }
    }

    private static IEnumerable<MatrixFault> Bodies(string row, int status)
    {
        var whole = Meaning(row, "", status);
        yield return whole with { Name = $"{status} with JSON", Words = AnswerBody.Words, Play = visit => PlayAsync(visit, status, AnswerBody.Json(status, visit.Echo), [AnswerBody.JsonType]) };
        yield return whole with { Name = $"{status} with text", Words = AnswerBody.Words, Play = visit => PlayAsync(visit, status, AnswerBody.Text(visit.Echo), [AnswerBody.TextType]) };
        yield return whole with { Name = $"{status} with HTML", Words = AnswerBody.Words, Play = visit => PlayAsync(visit, status, AnswerBody.Page(visit.Echo), [AnswerBody.PageType]) };
        yield return whole with { Name = $"{status} with nothing", Play = visit => PlayAsync(visit, status, [], []) };

        // Which records a refusal is about, its body says; every other status speaks for itself.
        yield return (whole.Effect == FaultEffect.Refuses ? new MatrixFault(row, "", FaultEffect.Unheard) : whole) with
        {
            Name = $"{status} with a body that is cut off",
            Play = async visit =>
            {
                await visit.ReadBodyAsync();
                var body = AnswerBody.Json(status, visit.Echo);
                visit.Request.Answered = status;

                // Cut in the middle of the key that it repeats.
                await visit.WriteAsync((byte[])[.. FaultVisit.HeadOf(status, AnswerBody.JsonType, $"Content-Length: {body.Length}"), .. body.AsSpan(0, body.Length - 62)]);
                visit.Close();
            },
        };
    }

    private static IEnumerable<MatrixFault> Places(int status)
    {
        var fault = Meaning(Redirects, "", status);
        MatrixFault To(string name, Func<FaultVisit, string[]> location) =>
            fault with { Name = $"{status} {name}", Play = visit => PlayAsync(visit, status, status == 304 ? [] : AnswerBody.Page(visit.Echo), location(visit)) };
        yield return To("to another host", visit => [$"Location: {visit.Elsewhere}"]);
        yield return To("to elsewhere on this host", visit => [$"Location: {visit.Request.Path}/"]);
        yield return To("to nowhere", _ => []);
        yield return To("to nonsense", _ => ["Location: ht!tp:\\\\?"]);
    }

    private static MatrixFault Plain(string row, int status) =>
        Meaning(row, $"{status}", status) with { Words = AnswerBody.Words, Play = visit => PlayAsync(visit, status, AnswerBody.Text(visit.Echo), []) };

    private static FaultEffect EffectOf(int status) => status switch
    {
        400 or 422 => FaultEffect.Refuses,
        408 => FaultEffect.Unheard,
        413 => FaultEffect.TooLarge,
        429 => FaultEffect.Throttles,
        >= 500 and <= 599 when !NeverTried.Contains(status) => FaultEffect.Unheard,
        _ => FaultEffect.Stops,
    };

    private static ErrorCondition ConditionOf(int status) => status switch
    {
        401 => ErrorCondition.AuthenticationFailed,
        403 => ErrorCondition.AccessDenied,
        404 => ErrorCondition.ConnectionNotFound,
        >= 500 and <= 599 => ErrorCondition.ServiceUnavailable,
        _ => ErrorCondition.UnexpectedResponse,
    };
}
