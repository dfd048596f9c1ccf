using System.Globalization;

namespace OptimoveDC;

/// <summary>A record that was refused, and why: the target of the error that reports it, whatever the record came from.</summary>
public sealed class RejectedRecord
{
    /// <summary>The file it came from, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The line of the file it starts at, or its position on the pipeline; both from 1.</summary>
    public required long Line { get; init; }

    /// <summary>True when <see cref="Line"/> is the line of a file, false when it is a position in the source.</summary>
    public bool IsLine { get; init; } = true;

    /// <summary>Where it came from, in words.</summary>
    public string Place => IsLine
        ? string.Create(CultureInfo.InvariantCulture, $"{Source}, line {Line}")
        : string.Create(CultureInfo.InvariantCulture, $"Record {Line} of the {Source}");

    /// <summary>Its primary key as JSON text; null when it has none.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>The record as it was sent or would have been, as JSON text; null when nothing of it could be written.</summary>
    public string? Record { get; init; }

    /// <summary>
    /// True when <see cref="Record"/> is less than the record was: a value that can't be sent is not in it. To import it
    /// again would lose that value.
    /// </summary>
    public bool RecordIsIncomplete { get; init; }

    /// <summary>Why it was refused: the service's own words, where it was the service.</summary>
    public required string Reason { get; init; }

    /// <summary>The HTTP status of the refusal; null when the record was refused before it was sent.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The service's identifier of the request, for a question to its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>One line for a log: where it came from, its key and the reason, without the values of the record.</summary>
    public override string ToString() => PrimaryKey is null ? $"{Place}: {Reason}" : $"{Place} (primary key {PrimaryKey}): {Reason}";
}
