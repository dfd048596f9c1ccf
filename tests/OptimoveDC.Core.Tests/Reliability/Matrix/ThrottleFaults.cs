using System.Globalization;
using OptimoveDC.Core.Tests.Loading.Properties;

namespace OptimoveDC.Core.Tests.Reliability.Matrix;

/// <summary><c>Retry-After</c> in every form that it should not have, of 429 and of 503.</summary>
internal static class ThrottleFaults
{
    internal const string Waits = "Retry-After of zero, negative, huge, garbage, or a date by a skewed clock; likewise X-RateLimit-Reset";

    private static readonly (TimeSpan Least, TimeSpan Most) Untold = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.6));

    internal static IEnumerable<MatrixFault> All =>
    [
        .. Of("0", TimeSpan.Zero),
        .. Of("00", TimeSpan.Zero),
        .. Of("0.25", TimeSpan.FromSeconds(0.25)),
        .. Of("7", TimeSpan.FromSeconds(7)),
        .. Of("  7  ", TimeSpan.FromSeconds(7)),
        .. Of("-1", null),
        .. Of("-Infinity", null),
        .. Of("Infinity", null),
        .. Of("NaN", null),
        .. Of("1e3", null),
        .. Of("", null),
        .. Of("soon", null),
        .. Of("7 seconds", null),
        .. Of("99999999999999999999999999999999999999", null),
        .. Of("901", TimeSpan.FromSeconds(901)),
        .. Of("2147483647", TimeSpan.FromSeconds(2147483647)),
        .. Of("a date that is past", TimeSpan.Zero, Date(-3600)),
        .. Of("a date by our own clock", TimeSpan.FromSeconds(29), Date(30)),
        .. Of("a date by a clock five hours ahead, which is told", TimeSpan.FromSeconds(30), Date(5 * 3600 + 30), $"Date: {Stamp(5 * 3600)}"),
        .. Of("a date by a clock five hours behind, which is told", TimeSpan.FromSeconds(30), Date((-5 * 3600) + 30), $"Date: {Stamp(-5 * 3600)}"),
        .. Of("a date by a clock five hours ahead, which is not told", TimeSpan.FromHours(5), Date(5 * 3600)),
        .. Of("a date by a clock five hours behind, which is not told", TimeSpan.Zero, Date((-5 * 3600) + 30)),
        .. Of("a date beside a Date of nonsense", TimeSpan.FromSeconds(29), Date(30), "Date: yesterday"),
        .. Of("the last date there is", TimeSpan.FromDays(365 * 7000), "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
        .. Of("a date that is none", null, "Retry-After: Fri, 31 Feb 2026 25:00:00 GMT"),
        .. Of("none, but a reset of NaN", null, "X-RateLimit-Reset: NaN"),
        .. Of("none, but a reset of -Infinity", null, "X-RateLimit-Reset: -Infinity"),
        .. Of("none, but a reset beyond all dates", null, "X-RateLimit-Reset: 253402300799999"),
        Succeeds("NaN"),
        Succeeds("-Infinity"),
        Succeeds("253402300799"),
    ];

    private static IEnumerable<MatrixFault> Of(string value, TimeSpan? wait) => Of($"'{value}'", wait, $"Retry-After: {value}");

    private static IEnumerable<MatrixFault> Of(string name, TimeSpan? wait, params string[] headers)
    {
        var isLong = wait > TimeSpan.FromMinutes(15);
        yield return new MatrixFault(Waits, $"429, Retry-After {name}", isLong ? FaultEffect.ThrottlesTooLong : FaultEffect.Throttles)
        {
            Wait = isLong ? (TimeSpan.Zero, TimeSpan.Zero) : wait is { } told ? (told, told + TimeSpan.FromSeconds(1.6)) : Untold,
            Play = visit => StatusFaults.PlayAsync(visit, 429, AnswerBody.Text(visit.Echo), headers),
        };
        if (headers[0].StartsWith("Retry-After", StringComparison.Ordinal))
        {
            yield return new MatrixFault(Waits, $"503, Retry-After {name}", FaultEffect.Unheard)
            {
                Wait = isLong
                    ? (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1))
                    : (wait ?? TimeSpan.Zero, (wait ?? TimeSpan.Zero) + TimeSpan.FromSeconds(1.6)),
                Play = visit => StatusFaults.PlayAsync(visit, 503, AnswerBody.Text(visit.Echo), headers),
            };
        }
    }

    // A header that makes no sense must not turn a success into something else.
    private static MatrixFault Succeeds(string reset) => new(Waits, $"a success with an X-RateLimit-Reset of {reset}", FaultEffect.None)
    {
        Play = async visit =>
        {
            await visit.ReadBodyAsync();
            var (status, body) = FaultVisit.SuccessOf(visit.Request);
            await visit.AnswerAsync(status, body, AnswerBody.JsonType, $"X-RateLimit-Reset: {reset}", "X-RateLimit-Limit: -1", "X-RateLimit-Remaining: 99999999999999", "Retry-After: -Infinity");
        },
    };

    private static string Date(double seconds) => $"Retry-After: {Stamp(seconds)}";

    private static string Stamp(double seconds) => LoadClock.Epoch.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
}
