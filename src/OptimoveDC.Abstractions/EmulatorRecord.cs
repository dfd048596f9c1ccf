using System.Collections.Specialized;

namespace OptimoveDC;

/// <summary>A record that a query of the emulator would find now.</summary>
public sealed class EmulatorRecord
{
    /// <summary>The connection that holds it.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>Its primary key: a string or a number, as it was sent.</summary>
    public required object? PrimaryKey { get; init; }

    /// <summary>Its fields, in the order in which they were sent.</summary>
    public required OrderedDictionary Data { get; init; }

    /// <summary>The record exactly as it was sent, as JSON text.</summary>
    public required string Json { get; init; }

    /// <summary>Its time-to-live in seconds; null when it never expires.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>When it was stored, by the emulator's clock.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>When it expires, by the emulator's clock; null when it never does.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
