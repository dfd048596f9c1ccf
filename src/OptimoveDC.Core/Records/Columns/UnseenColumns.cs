namespace OptimoveDC.Core.Records.Columns;

/// <summary>What to say of columns that the user named and that no record had.</summary>
public static class UnseenColumns
{
    /// <summary>One sentence, or none.</summary>
    /// <param name="columns">The columns of a source that has been read to its end.</param>
    public static IReadOnlyList<string> Describe(ColumnSet columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Unseen.Count == 0
            ? []
            : [$"No record had the field{(columns.Unseen.Count == 1 ? "" : "s")} {string.Join(", ", columns.Unseen.Select(name => $"'{name}'"))}, which a parameter names. Is the name right?"];
    }
}
