namespace OptimoveDC;

/// <summary>Something that a test of a source found.</summary>
public sealed class DataFinding
{
    /// <summary>The file, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The line of the file that the record starts at, or its position on the pipeline, from 1; null when the source as a whole is meant.</summary>
    public long? Line { get; init; }

    /// <summary>What it is.</summary>
    public required DataFindingKind Kind { get; init; }

    /// <summary>True when the import would reject the record; false for a warning, and for a source that can't be read.</summary>
    public bool IsReject => Kind < DataFindingKind.UnreadableSource;

    /// <summary>The field, by the name it is sent under; null when the whole record is meant.</summary>
    public string? Column { get; init; }

    /// <summary>The primary key as JSON text; null when there is none.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>What was found, in words.</summary>
    public required string Message { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Line is { } line ? $"{Source}, line {line}: {Message}" : $"{Source}: {Message}";
}
