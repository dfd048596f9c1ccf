namespace OptimoveDC;

/// <summary>An import that has not finished: its batch is open, and its records can't be queried.</summary>
public sealed class UnfinishedImport
{
    /// <summary>The full path of the file that was read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The Data Connection that was written to.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>The open batch.</summary>
    public required Guid BatchId { get; init; }

    /// <summary>Which part of the source it loads, from 0; null for all of it.</summary>
    public int? ShardIndex { get; init; }

    /// <summary>Into how many parts the source is divided; null when it is not.</summary>
    public int? ShardCount { get; init; }

    /// <summary>When the import began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Records that were read and noted before it stopped.</summary>
    public required long Read { get; init; }

    /// <summary>Records that the service is known to have acknowledged.</summary>
    public required long Sent { get; init; }

    /// <summary>Records that the service is known to have refused.</summary>
    public required long Rejected { get; init; }

    /// <summary>True when the service acknowledged the whole batch, and only the end was not noted.</summary>
    public required bool Completed { get; init; }

    /// <summary>The checkpoint file.</summary>
    public required string CheckpointPath { get; init; }

    /// <summary>The command that goes on with it; null when none was noted.</summary>
    public string? ResumeCommand { get; init; }
}
