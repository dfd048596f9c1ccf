namespace OptimoveDC.Database.Tests.Types;

/// <summary>A column of one type of a database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value of row <c>n</c>, in SQL.</param>
/// <param name="Expected">What the column, <c>$v</c>, has to arrive as, in SQL: JSON as text.</param>
public sealed record TypeColumn(string Name, string Value, string Expected)
{
    /// <summary>Every eleventh row has a null, each column in other rows than its neighbor.</summary>
    private const int NullEvery = 11;

    /// <summary>The statement that makes a table with a row for each <c>n</c> of a series.</summary>
    public static string CreateTable(IReadOnlyList<TypeColumn> columns, string series) =>
        $"CREATE TABLE every_type AS SELECT n AS user_id, {string.Join(", ", columns.Select((column, at) => $"CASE WHEN n % {NullEvery} <> {at % NullEvery} THEN {column.Value} END AS {column.Name}"))} FROM {series}";

    /// <summary>The query for what the database itself says of each value.</summary>
    public static string SelectExpected(IReadOnlyList<TypeColumn> columns) =>
        $"SELECT CAST(user_id AS varchar), {string.Join(", ", columns.Select(column => $"CASE WHEN {column.Name} IS NULL THEN 'null' ELSE {column.Expected.Replace("$v", column.Name, StringComparison.Ordinal)} END"))} FROM every_type ORDER BY user_id";
}
