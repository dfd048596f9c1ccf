using Microsoft.Data.Sqlite;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Database.Tests.Types;

namespace OptimoveDC.Database.Tests;

/// <summary>What SQLite has, read through Microsoft.Data.Sqlite: a value has a type, and a column none that counts.</summary>
public sealed class SqliteTests
{
    private static readonly int Rows = RowCount.Value;

    private const string Quote =
        "CASE typeof($v) WHEN 'real' THEN printf('%!.17e', $v) WHEN 'blob' THEN json_quote(base64($v)) ELSE json_quote($v) END";

    private static readonly TypeColumn[] Columns =
    [
        new("an_integer", "9223372036854775807 - n", Quote),
        new("a_real", "n / 3.0", Quote),
        new("a_whole_real", "n * 1.0", Quote),
        new("a_text", "n || ' \"quoted\" \\ ' || char(9, 10) || ' ünï😀 ' || substr('xxxxxxxxxxxxxxxxxxxx', 1, n % 20)", Quote),
        new("an_empty_text", "''", Quote),
        new("a_blob", "randomblob(n % 50)", Quote),
        new("anything", "CASE n % 5 WHEN 0 THEN n WHEN 1 THEN n / 8.0 WHEN 2 THEN 'text ' || n WHEN 3 THEN randomblob(3) END", Quote),
        new("a_date", "date('1970-01-01', n || ' days')", Quote),
        new("a_json", "json_object('n', n)", Quote),
    ];

    [Fact]
    public async Task Every_value_arrives_as_SQLite_says_it_is_whatever_the_column()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        connection.CreateFunction("base64", (byte[] bytes) => Convert.ToBase64String(bytes));
        await using var command = connection.CreateCommand();
        command.CommandText = TypeColumn.CreateTable(Columns, $"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {Rows}) SELECT n FROM s)");
        command.ExecuteNonQuery();
        await using var shell = ConnectedShell.Open();
        command.CommandText = "SELECT * FROM every_type ORDER BY user_id";
        await using (var reader = command.ExecuteReader())
        {
            var result = shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id").Only<LoadResult>();

            Assert.Equal(((long)Rows, (long)Rows, true), (result.Read, result.Sent, result.Completed));
            Assert.False(reader.IsClosed);
        }

        command.CommandText = TypeColumn.SelectExpected(Columns);
        Assert.Equal((long)Rows * Columns.Length, ArrivedValues.AssertEqual(shell.Connection, command, Columns));
    }
}
