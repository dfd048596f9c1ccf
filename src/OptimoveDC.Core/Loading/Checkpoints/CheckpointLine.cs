using System.Text.Json.Serialization;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>One line of a checkpoint file: something that was true from then on.</summary>
internal sealed record CheckpointLine
{
    internal const string Started = "started";
    internal const string Resumed = "resumed";
    internal const string Sealed = "sealed";
    internal const string Rejected = "rejected";
    internal const string Resolved = "resolved";
    internal const string Closing = "closing";
    internal const string ClosingRefused = "closing-refused";
    internal const string Completed = "completed";

    /// <summary>What every checkpoint begins with.</summary>
    internal static ReadOnlySpan<byte> FirstBytes => "{\"kind\":\"started\""u8;

    public required string Kind { get; init; }

    /// <summary>For the first line: what is imported, and how.</summary>
    public CheckpointHeader? Header { get; init; }

    /// <summary>When the line was written, for the lines of a run's start.</summary>
    public DateTimeOffset? At { get; init; }

    public int? Chunk { get; init; }

    /// <summary>For a sealed range: all its rows, superseded and rejected ones included.</summary>
    public SealedRange? Range { get; init; }

    /// <summary>For a closing request that carries a record of another shard: its hash.</summary>
    public string? Element { get; init; }

    /// <summary>For a resolved chunk: <see cref="OutcomeRuns"/> of its records.</summary>
    public string? Outcomes { get; init; }

    /// <summary>For a reject: the line of the source.</summary>
    public long? Line { get; init; }

    public string? Reason { get; init; }

    public int? Status { get; init; }

    public string? RequestId { get; init; }
}

/// <summary>A contiguous range of the source, as it was when it was read.</summary>
/// <param name="Rows">How many rows it has.</param>
/// <param name="FirstLine">The line of its first row, or its position on the pipeline; from 1.</param>
/// <param name="LastLine">The line of its last row.</param>
/// <param name="Hash">128 bits of every row of it, in hexadecimal digits.</param>
internal sealed record SealedRange(int Rows, long FirstLine, long LastLine, string Hash);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CheckpointLine))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
