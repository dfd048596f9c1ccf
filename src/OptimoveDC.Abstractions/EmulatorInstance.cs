using System.Security;

namespace OptimoveDC;

/// <summary>A running emulator of the service: <c>Connect-Optimove -Emulator</c> takes it.</summary>
public sealed class EmulatorInstance
{
    private readonly Action<TimeSpan> _advance;
    private readonly Func<DateTimeOffset> _now;
    private readonly Func<long> _requestCount;

    internal EmulatorInstance(object server, Action<TimeSpan> advance, Func<DateTimeOffset> now, Func<long> requestCount)
    {
        Server = server;
        _advance = advance;
        _now = now;
        _requestCount = requestCount;
    }

    /// <summary>Its base address, on loopback.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The brand key it was started with; another at each start.</summary>
    public required Guid BrandKey { get; init; }

    /// <summary>The API key it was started with; another at each start.</summary>
    public required SecureString ApiKey { get; init; }

    /// <summary>True until it is stopped.</summary>
    public bool IsRunning { get; internal set; } = true;

    /// <summary>The time by the emulator's clock.</summary>
    public DateTimeOffset Now => _now();

    /// <summary>How many requests it has received, whatever it answered.</summary>
    public long RequestCount => _requestCount();

    /// <summary>The server behind it. Its type lives in the module's own load context.</summary>
    internal object Server { get; }

    /// <summary>Moves the emulator's clock forward, so that a day passes at once.</summary>
    /// <param name="time">How far; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative.</exception>
    public void Advance(TimeSpan time) => _advance(time);

    /// <inheritdoc/>
    public override string ToString() => Uri.ToString();
}
