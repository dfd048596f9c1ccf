using OptimoveDC.Emulator;

namespace OptimoveDC.Core.Tests.Loading.Properties;

/// <summary>A request whose whole body reached the service, and what the client may know of it.</summary>
internal sealed class SeenRequest
{
    /// <summary>Its number among those that reached the service.</summary>
    internal required long Sequence { get; init; }

    internal required string RequestId { get; init; }

    /// <summary>What the service answered; null when it never came to that.</summary>
    internal required int? Status { get; init; }

    /// <summary>Whether that answer reached the client whole, and before its patience ended.</summary>
    internal required bool WasHeard { get; init; }

    /// <summary>Whether at least the status of that answer reached the client.</summary>
    internal required bool StatusWasHeard { get; init; }

    internal required string Body { get; init; }

    /// <summary>The body of the answer as the client got it, be it another than the service's.</summary>
    internal required string? AnswerBody { get; init; }

    /// <summary>Whether it asked for the completion of its batch.</summary>
    internal required bool Closes { get; init; }

    /// <summary>The rows it carried, in its order; for a delete, what it carried are <see cref="Keys"/>.</summary>
    internal required IReadOnlyList<int> Rows { get; init; }

    /// <summary>The keys it carried, in its order, as JSON.</summary>
    internal required IReadOnlyList<string> Keys { get; init; }

    /// <summary>What the service noted of each key; empty where it refused the request as such, or failed.</summary>
    internal required IReadOnlyList<Arrival> Arrivals { get; init; }

    /// <summary>What went wrong with it, in words.</summary>
    internal required string Fault { get; init; }

    internal bool IsSuccess => Status is >= 200 and <= 299;

    internal bool WasHeardToSucceed => WasHeard && IsSuccess;

    internal bool WasHeardToBeRefused => WasHeard && Status is 400 or 422;

    /// <summary>Whether the service may have carried it out for all the client knows.</summary>
    internal bool IsUncertain => (!WasHeard && !(StatusWasHeard && Status == 429)) || Status is 408 or >= 500;

    public override string ToString() =>
        $"{Sequence}: {(Closes ? "closing " : "")}[{string.Join(' ', Rows.Count > 0 ? Rows.Select((row, at) => $"{row}={Keys[at]}") : Keys)}]"
        + $" -> {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} {(WasHeard ? "heard" : "UNHEARD")}"
        + $"{(Arrivals.Count > 0 ? $", took {Arrivals.Count(arrival => arrival.Accepted)} of {Arrivals.Count}" : "")}{(Fault.Length > 0 ? $", {Fault}" : "")}";
}
