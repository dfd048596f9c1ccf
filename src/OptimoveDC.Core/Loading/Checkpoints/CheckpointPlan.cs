namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>Where an import keeps what it needs to resume, and what it resumes from.</summary>
public sealed record CheckpointPlan
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>What the import is.</summary>
    public required CheckpointHeader Header { get; init; }

    /// <summary>
    /// True for a file that the user did not ask for: it is made only once a second chunk shows that the import is
    /// worth one, and an import goes on without it where it can't be made.
    /// </summary>
    public bool IsByDefault { get; init; }

    /// <summary>What an earlier run left; null for an import that starts afresh.</summary>
    public Checkpoint? Earlier { get; init; }
}
