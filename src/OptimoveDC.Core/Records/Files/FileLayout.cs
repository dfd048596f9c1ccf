namespace OptimoveDC.Core.Records.Files;

/// <summary>How the columns of a file become the fields of records.</summary>
public sealed record FileLayout
{
    /// <summary>The column that holds the primary key.</summary>
    public required string KeyProperty { get; init; }

    /// <summary>What the text of a column is sent as; a column not named here is text.</summary>
    public IReadOnlyDictionary<string, ColumnType> ColumnTypes { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>What an empty field is sent as.</summary>
    public EmptyValue EmptyValue { get; init; }
}
