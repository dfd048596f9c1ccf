namespace OptimoveDC;

/// <summary>A Data Connection, as it was created.</summary>
public sealed class DataConnection
{
    /// <summary>The identifier that the service gave it.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>Its name in Optimove.</summary>
    public required string Name { get; init; }

    /// <summary>The field that holds each record's primary key.</summary>
    public required string PrimaryKey { get; init; }

    /// <summary>What it is for, in its owner's words; null when none was given.</summary>
    public string? Description { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({DataConnectionId})";
}
