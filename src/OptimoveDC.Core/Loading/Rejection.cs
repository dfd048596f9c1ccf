using System.Text;
using OptimoveDC.Core.Records;

namespace OptimoveDC.Core.Loading;

/// <summary>A record that was refused, and why.</summary>
public sealed record Rejection
{
    /// <summary>Its line in the file, or its position on the pipeline; from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Its key as JSON text; null when it has none.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>The record as JSON text; null when nothing of it could be written.</summary>
    public string? Record { get; init; }

    /// <summary>True when a value of the record can't be written as JSON: <see cref="Record"/> is what there is without it.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Why, as the end of a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What kind of reason that is; null when it is the service's.</summary>
    public RecordFault? Fault { get; init; }

    /// <summary>The HTTP status; null when the record was refused before it was sent.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The service's identifier of the request; null when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The chunk it was in; null when it was refused before it came into one.</summary>
    internal int? Chunk { get; init; }

    /// <summary>The rejection of a record that lies in a chunk.</summary>
    internal static Rejection Of(Chunk chunk, int record, string reason, int? statusCode, string? requestId) => new()
    {
        Line = chunk.RecordAt(record).Line,
        PrimaryKey = Encoding.UTF8.GetString(chunk.KeyOf(record)),
        Record = Encoding.UTF8.GetString(chunk.ElementOf(record)),
        Reason = reason,
        StatusCode = statusCode,
        RequestId = requestId,
        Chunk = chunk.Number,
    };
}
