namespace OptimoveDC.Emulator;

/// <summary>
/// The system clock plus an offset that only grows, so that "a day passes" at a prompt. Timers and
/// <see cref="TimeProvider.GetTimestamp"/> keep to real time: a delay of a second stays a second. Thread-safe.
/// </summary>
public sealed class EmulatorClock : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far this clock is ahead of the system's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>Sets the clock forward.</summary>
    /// <param name="by">How far; zero changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative: what has expired stays expired.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _offsetTicks, by.Ticks);
    }
}
