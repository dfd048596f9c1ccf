namespace OptimoveDC;

/// <summary>A record that was refused, and why. The target of the error that reports it, where a file was read.</summary>
public sealed class RejectedRecord
{
    /// <summary>The file it came from, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The line of the file it starts at, or its position on the pipeline; both from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Its primary key as JSON text; null when it has none.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>The record as it was sent or would have been, as JSON text; null when it could not be written.</summary>
    public string? Record { get; init; }

    /// <summary>Why it was refused: the service's own words, where it was the service.</summary>
    public required string Reason { get; init; }

    /// <summary>The HTTP status of the refusal; null when the record was refused before it was sent.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The service's identifier of the request, for a question to its support.</summary>
    public string? RequestId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Source}, line {Line}: {Reason}";
}
