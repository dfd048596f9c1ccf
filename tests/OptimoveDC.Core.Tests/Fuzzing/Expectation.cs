namespace OptimoveDC.Core.Tests.Fuzzing;

/// <summary>What must become of a file, by the account of readers that share nothing with the product.</summary>
internal sealed record Expectation
{
    /// <summary>The rows, up to what the file is refused for; null when the witness can't tell.</summary>
    internal IReadOnlyList<ExpectedRow>? Rows { get; init; }

    /// <summary>Whether the file must be refused, or not be read to its end.</summary>
    internal bool IsRefused { get; init; }

    /// <summary>The line that the refusal must name; null for any.</summary>
    internal long? RefusalLine { get; init; }

    internal static Expectation Refused(long? line = null, IReadOnlyList<ExpectedRow>? rows = null) => new() { IsRefused = true, RefusalLine = line, Rows = rows };
}
