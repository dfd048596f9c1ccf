namespace OptimoveDC;

/// <summary>What a test of a source found out without sending anything.</summary>
public sealed class DataTestResult
{
    /// <summary>The file that was read, or <c>pipeline</c>.</summary>
    public required string Source { get; init; }

    /// <summary>True when the whole source could be read and no record would be rejected. Warnings don't count.</summary>
    public bool Passed => Failure is null && Rejected == 0;

    /// <summary>Why the source can't be read, or not to its end; null when it can.</summary>
    public string? Failure { get; init; }

    /// <summary>Records read.</summary>
    public required long Read { get; init; }

    /// <summary>Records that an import would send.</summary>
    public required long WouldSend { get; init; }

    /// <summary>Records that an import would reject by itself. Each is a finding.</summary>
    public required long Rejected { get; init; }

    /// <summary>Records that a later one of the same key replaces within the same request; an import counts them as skipped.</summary>
    public required long Superseded { get; init; }

    /// <summary>Rejected for want of a primary key.</summary>
    public required long MissingKeys { get; init; }

    /// <summary>Rejected because the primary key is empty or blank.</summary>
    public required long BlankKeys { get; init; }

    /// <summary>Rejected because the row has more fields than the header, or fewer.</summary>
    public required long RaggedRows { get; init; }

    /// <summary>Different primary keys.</summary>
    public required long DistinctKeys { get; init; }

    /// <summary>Records whose very key an earlier record has, anywhere in the source.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Keys that differ from an earlier one only in leading zeros, case, white space, type or the form of their characters.</summary>
    public required long NearDuplicates { get; init; }

    /// <summary>Warnings of all kinds, duplicates among them.</summary>
    public required long Warnings { get; init; }

    /// <summary>Rejects, warnings, and the failure where there is one.</summary>
    public long Findings => Rejected + Warnings + (Failure is null ? 0 : 1);

    /// <summary>One line for each kind of finding, with how many there are and the first of them.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>The requests that the import takes when nothing has to be repeated.</summary>
    public required long Requests { get; init; }

    /// <summary>Bytes of the records as they are sent.</summary>
    public required long Bytes { get; init; }

    /// <summary>The limit that <see cref="MinimumDuration"/> is reckoned with, in requests a second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>How long the requests take at least under that limit, whatever the network does.</summary>
    public required TimeSpan MinimumDuration { get; init; }

    /// <summary>How long the test took.</summary>
    public required TimeSpan Duration { get; init; }
}
