using OptimoveDC.Core.Loading.Shards;

namespace OptimoveDC.Core.Loading.Checkpoints;

/// <summary>What an import is, as its checkpoint says on the first line. It carries no key of the service.</summary>
public sealed record CheckpointHeader
{
    /// <summary>The form of the file that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The form of the file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The full path of the file that is read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The Data Connection that is written to.</summary>
    public required Guid DataConnectionId { get; init; }

    /// <summary>The batch; a resumed import goes on in it.</summary>
    public required Guid BatchId { get; init; }

    /// <summary>The part of the source that is imported; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>When the import began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>After how many seconds the records expire; null for never.</summary>
    public int? TimeToLiveSeconds { get; init; }

    /// <summary>The options that change what is sent, by the names of their parameters.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The command that resumes the import.</summary>
    public string? ResumeCommand { get; init; }

    /// <summary>Looks for what keeps this import from going on where another one stopped.</summary>
    /// <returns>Null when nothing does; else the difference, as a sentence.</returns>
    public string? FindDifference(CheckpointHeader checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.DataConnectionId != DataConnectionId)
        {
            return $"It is for the Data Connection {checkpoint.DataConnectionId}, and this import for {DataConnectionId}.";
        }

        if (checkpoint.TimeToLiveSeconds != TimeToLiveSeconds)
        {
            return $"It was begun with {Show("-TimeToLive", checkpoint.TimeToLiveSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture))}, and is now given {Show("-TimeToLive", TimeToLiveSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture))}.";
        }

        if (checkpoint.Shard != Shard)
        {
            return $"It is for {checkpoint.Shard?.ToString() ?? "the whole source"}, and this import for {Shard?.ToString() ?? "the whole source"}.";
        }

        foreach (var name in checkpoint.Options.Keys.Union(Options.Keys).Order(StringComparer.Ordinal))
        {
            var before = checkpoint.Options.GetValueOrDefault(name);
            var now = Options.GetValueOrDefault(name);
            if (before != now)
            {
                return $"It was begun with {Show("-" + name, before)}, and is now given {Show("-" + name, now)}.";
            }
        }

        return null;
    }

    private static string Show(string name, string? value) => value is null ? $"no {name}" : $"{name} {value}";
}
