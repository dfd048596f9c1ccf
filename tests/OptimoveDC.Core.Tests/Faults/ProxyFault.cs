namespace OptimoveDC.Core.Tests.Faults;

/// <summary>A fault for one request.</summary>
/// <param name="Kind">What goes wrong.</param>
internal sealed record ProxyFault(ProxyFaultKind Kind)
{
    /// <summary>
    /// For <see cref="ProxyFaultKind.ResetDuringBody"/> how many bytes of the body are passed on, for
    /// <see cref="ProxyFaultKind.CutAnswer"/> how many of the answer, its head included. At least one byte is always withheld.
    /// </summary>
    internal int AfterBytes { get; init; }

    /// <summary>
    /// How long each pause of a slow message is, and how long new connections are refused; by the clock of the proxy.
    /// </summary>
    internal TimeSpan Delay { get; init; }
}
