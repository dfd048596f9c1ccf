namespace OptimoveDC.Core.Loading;

/// <summary>Says whether a load still goes on, and why not. The first reason stands.</summary>
internal sealed class LoadHalt
{
    private Exception? _reason;

    internal Exception? Reason => Volatile.Read(ref _reason);

    internal bool IsHalted => Reason is not null;

    internal void Halt(Exception reason) => Interlocked.CompareExchange(ref _reason, reason, null);
}
