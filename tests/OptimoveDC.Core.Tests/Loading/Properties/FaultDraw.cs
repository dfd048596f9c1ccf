using System.Collections.Concurrent;
using System.Text;
using OptimoveDC.Core.Tests.Faults;
using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>
/// Decides which request meets which fault: by the seed, the request's own content and how often it has come before. So a
/// request meets the same faults in each run of a case, whatever the order in which requests arrive.
/// </summary>
internal sealed class FaultDraw(LoadCase @case)
{
    private static readonly ProxyFaultKind[] Breaks =
    [
        ProxyFaultKind.Refuse, ProxyFaultKind.ResetBeforeBody, ProxyFaultKind.ResetDuringBody, ProxyFaultKind.ResetAfterBody,
        ProxyFaultKind.Stall, ProxyFaultKind.CutAnswer, ProxyFaultKind.GarbledHead, ProxyFaultKind.GarbledBody,
    ];

    private static readonly ServiceFaultKind[] ServiceFaults = Enum.GetValues<ServiceFaultKind>();
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private readonly ConcurrentDictionary<long, ServiceFaultKind> _played = new();

    /// <summary>The faults that the service played, by the sequence number of their request.</summary>
    internal IReadOnlyDictionary<long, ServiceFaultKind> Played => _played;

    internal ProxyFault? ForConnection(ProxiedRequest request)
    {
        var draw = Draw($"connection {request.Path.Split('/')[^1]} {request.ContentLength}");
        if (draw.Next(100) < @case.ConnectionFaults)
        {
            return new ProxyFault(Breaks[draw.Next(Breaks.Length)])
            {
                AfterBytes = draw.Next((int)Math.Max(2, request.ContentLength)),
                Delay = TimeSpan.FromMilliseconds(draw.Next(1, 3000)),
            };
        }

        if (draw.Next(100) >= @case.Slow)
        {
            return null;
        }

        return new ProxyFault(draw.Next(2) == 0 ? ProxyFaultKind.SlowRequest : ProxyFaultKind.SlowAnswer) { Delay = TimeSpan.FromMilliseconds(draw.Next(1, 2000)) };
    }

    internal Fault? ForService(LoggedRequest request)
    {
        var draw = Draw($"service {request.BodyText()}");
        if (draw.Next(100) < @case.ServiceFaults)
        {
            var kind = ServiceFaults[draw.Next(ServiceFaults.Length)];
            _played[request.Sequence] = kind;
            return FaultOf(kind, draw);
        }

        return draw.Next(100) < @case.Slow ? new Fault { Delay = TimeSpan.FromMilliseconds(draw.Next(1, 5000)) } : null;
    }

    private static Fault FaultOf(ServiceFaultKind kind, Random draw) => kind switch
    {
        ServiceFaultKind.TooManyRequests => new Fault { StatusCode = 429 },
        ServiceFaultKind.TooManyRequestsRetryAfter => new Fault { StatusCode = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = $"{draw.Next(0, 20)}" } },
        ServiceFaultKind.InternalServerError => new Fault { StatusCode = 500 },
        ServiceFaultKind.ServiceUnavailable => new Fault { StatusCode = 503 },
        ServiceFaultKind.RequestTimeout => new Fault { StatusCode = 408 },
        ServiceFaultKind.GatewayPage => new Fault { StatusCode = 502, Body = "<html><h1>502 Bad Gateway</h1></html>", ContentType = "text/html" },
        ServiceFaultKind.CarriedOutButFailed => new Fault { StatusCode = 500, ApplyFirst = true },
        _ => new Fault { ApplyFirst = true, Delay = LoadClock.AttemptTimeout * 3 },
    };

    private Random Draw(string what)
    {
        var count = _seen.AddOrUpdate(what, 1, (_, before) => before + 1);

        // FNV-1a: the runtime's own hash of a text differs from process to process.
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes($"{@case.Seed} {count} {what}"))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return new Random(unchecked((int)hash));
    }
}
