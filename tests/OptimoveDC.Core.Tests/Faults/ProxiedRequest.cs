namespace OptimoveDC.Core.Tests.Faults;

/// <summary>A request that came to the proxy, and what became of it.</summary>
internal sealed class ProxiedRequest(int number, MessageHead head)
{
    private volatile bool _played;
    private volatile bool _delivered;
    private volatile bool _answered;
    private volatile bool _headPassed;
    private volatile byte[]? _answerBody;
    private int _status;

    /// <summary>From 1, in the order in which heads came in.</summary>
    internal int Number { get; } = number;

    internal string Method { get; } = head.StartLine.Split(' ')[0];

    internal string Path { get; } = head.StartLine.Split(' ')[1];

    /// <summary>The length of its body in bytes; -1 for a chunked one.</summary>
    internal long ContentLength { get; } = head.IsChunked ? -1 : head.ContentLength ?? 0;

    /// <summary>The fault that the plan has for it; null for none.</summary>
    internal ProxyFault? Fault { get; set; }

    /// <summary>Whether the fault really happened: an answer without a body can't have it garbled, for one.</summary>
    internal bool FaultPlayed
    {
        get => _played;
        set => _played = value;
    }

    /// <summary>Whether its last byte was passed on to the service.</summary>
    internal bool WasDelivered
    {
        get => _delivered;
        set => _delivered = value;
    }

    /// <summary>Whether the sender was given a whole answer, be it a slow one or one with another body.</summary>
    internal bool WasAnswered
    {
        get => _answered;
        set => _answered = value;
    }

    /// <summary>Whether the sender was given the whole head of an answer, be its body cut short.</summary>
    internal bool HeadWasPassed
    {
        get => _headPassed;
        set => _headPassed = value;
    }

    /// <summary>The status the service answered, whether or not anybody heard it; null when it didn't.</summary>
    internal int? Status
    {
        get => Volatile.Read(ref _status) is var status and > 0 ? status : null;
        set => Volatile.Write(ref _status, value ?? 0);
    }

    /// <summary>The service's <c>x-request-id</c>; null when it didn't answer.</summary>
    internal string? RequestId { get; set; }

    /// <summary>The body that the sender was given; null when it was given none.</summary>
    internal byte[]? AnswerBody
    {
        get => _answerBody;
        set => _answerBody = value;
    }

    public override string ToString() =>
        $"#{Number} {Method} {Path[(Path.LastIndexOf('/') + 1)..]} {ContentLength} bytes"
        + (Fault is null ? "" : $", {(FaultPlayed ? "" : "unplayed ")}{Fault.Kind} {Fault.AfterBytes} {Fault.Delay.TotalMilliseconds} ms")
        + $": {(WasDelivered ? "delivered" : "not delivered")}, {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no status"}, {(WasAnswered ? "heard" : "unheard")}";
}
