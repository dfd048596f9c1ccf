namespace OptimoveDC.Core.Sync;

/// <summary>A sync can't use its state, or must not do what it would have to.</summary>
/// <param name="fault">What kind of fault it is.</param>
/// <param name="message">What is wrong, with the file where one is meant.</param>
/// <param name="inner">What the system said.</param>
public sealed class SyncException(SyncFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of fault it is.</summary>
    public SyncFault Fault { get; } = fault;
}
