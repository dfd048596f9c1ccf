using System.Data;
using System.Data.SqlTypes;
using System.Globalization;
using System.Text.Json;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Database.Tests.Types;

namespace OptimoveDC.Database.Tests;

/// <summary>What SQL Server's client gives: a DataTable, with .NET's types and with those of System.Data.SqlTypes.</summary>
public sealed class DataTableTests
{
    private static readonly int Rows = RowCount.Value;
    private const int NullEvery = 11;

    private static readonly (string Name, Type Type, Func<int, object> Value, Func<int, string> Expected)[] Columns =
    [
        ("a_bit", typeof(bool), n => n % 2 == 0, n => n % 2 == 0 ? "true" : "false"),
        ("a_tinyint", typeof(byte), n => (byte)(n % 256), n => $"{n % 256}"),
        ("a_smallint", typeof(short), n => (short)(n % 30_000 - 15_000), n => $"{n % 30_000 - 15_000}"),
        ("an_int", typeof(int), n => -n, n => $"-{n}"),
        ("a_bigint", typeof(long), n => 9_000_000_000_000_000_000 + n, n => $"9000000000000{n:D6}"),
        ("a_decimal", typeof(decimal), n => new decimal(n, 0, 0, false, 2), n => $"{n / 100}.{n % 100:D2}"),
        ("a_money", typeof(decimal), n => n + 0.1000m, n => $"{n}.1000"),
        ("a_float", typeof(double), n => n + 0.5, n => $"{n}.5"),
        ("a_real", typeof(float), n => n + 0.25f, n => $"{n}.25"),
        ("an_nvarchar", typeof(string), n => $"{n} \"ünï😀\"\t\\", n => $"\"{n} \\\"ünï😀\\\"\\t\\\\\""),
        ("an_empty_nvarchar", typeof(string), _ => "", _ => "\"\""),
        ("a_char", typeof(char), n => (char)('A' + (n % 26)), n => $"\"{(char)('A' + (n % 26))}\""),
        ("a_varbinary", typeof(byte[]), n => new byte[] { 0xAA, 0, (byte)(n % 4) }, n => new[] { "\"qgAA\"", "\"qgAB\"", "\"qgAC\"", "\"qgAD\"" }[n % 4]),
        ("a_uniqueidentifier", typeof(Guid), n => new Guid(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), n => $"\"{n:x8}-0001-0002-0304-05060708090a\""),
        ("a_date", typeof(DateOnly), n => new DateOnly(2024, 2, 1 + (n % 29)), n => $"\"2024-02-{1 + (n % 29):D2}\""),
        ("a_datetime2", typeof(DateTime), n => new DateTime(2024, 2, 29, 13, 14, n % 60).AddTicks(1), n => $"\"2024-02-29T13:14:{n % 60:D2}.0000001\""),
        ("a_datetimeoffset", typeof(DateTimeOffset), n => new DateTimeOffset(2024, 2, 29, 13, 14, n % 60, TimeSpan.FromMinutes(-330)), n => $"\"2024-02-29T13:14:{n % 60:D2}-05:30\""),
        ("a_time", typeof(TimeSpan), n => new TimeSpan(13, 14, n % 60), n => $"\"13:14:{n % 60:D2}\""),
        ("a_sql_variant", typeof(object), n => n % 2 == 0 ? n : $"t{n}", n => n % 2 == 0 ? $"{n}" : $"\"t{n}\""),
        ("a_sql_int", typeof(SqlInt32), n => new SqlInt32(n), n => $"{n}"),
        ("a_sql_string", typeof(SqlString), n => new SqlString($"s{n}"), n => $"\"s{n}\""),
        ("a_sql_decimal", typeof(SqlDecimal), n => SqlDecimal.Parse($"{n}34567890123456789012345678901.50"), n => $"{n}34567890123456789012345678901.50"),
        ("a_sql_guid", typeof(SqlGuid), n => new SqlGuid(new Guid(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), n => $"\"{n:x8}-0001-0002-0304-05060708090a\""),
        ("a_sql_binary", typeof(SqlBinary), _ => new SqlBinary([0xAA, 0, 1]), _ => "\"qgAB\""),
        ("a_sql_datetime", typeof(SqlDateTime), n => new SqlDateTime(2024, 2, 29, 13, 14, n % 60), n => $"\"2024-02-29T13:14:{n % 60:D2}\""),
        ("a_sql_boolean", typeof(SqlBoolean), n => new SqlBoolean(n % 2 == 0), n => n % 2 == 0 ? "true" : "false"),
        // Names that a DataRow has as properties of its own.
        ("Table", typeof(string), n => $"t{n}", n => $"\"t{n}\""),
        ("RowState", typeof(string), n => $"r{n}", n => $"\"r{n}\""),
    ];

    [Theory]
    [InlineData("Import-OptimoveData -InputObject $table")]
    [InlineData("Import-OptimoveData -InputObject $table.DefaultView")]
    [InlineData("$table | Import-OptimoveData")]
    [InlineData("$table.DefaultView | Import-OptimoveData")]
    [InlineData("$table.CreateDataReader() | Import-OptimoveData")]
    [InlineData("Import-OptimoveData -InputObject $table.CreateDataReader()")]
    public async Task Every_type_arrives_as_it_was_put_in_whichever_way_the_table_comes(string command)
    {
        await using var shell = ConnectedShell.Open();

        var result = shell.Shell.Set("table", Fill()).Run(command + " -DataConnectionId $id -KeyProperty user_id").Only<LoadResult>();

        Assert.Equal(((long)Rows, (long)Rows, true), (result.Read, result.Sent, result.Completed));
        var arrived = shell.Connection.Records.ToDictionary(record => record.KeyJson, record => record.Json);
        for (var n = 1; n <= Rows; n++)
        {
            Assert.True(arrived.TryGetValue(n.ToString(CultureInfo.InvariantCulture), out var json));
            var expected = string.Join(',', Columns.Select((column, at) => $"\"{column.Name}\":{(n % NullEvery == at % NullEvery ? "null" : column.Expected(n))}"));
            AssertSame($"{{\"user_id\":{n},{expected}}}", json);
        }
    }

    private static DataTable Fill()
    {
        var table = new DataTable("customers");
        table.Columns.Add("user_id", typeof(int));
        foreach (var (name, type, _, _) in Columns)
        {
            table.Columns.Add(name, type);
        }

        table.BeginLoadData();
        for (var n = 1; n <= Rows; n++)
        {
            table.LoadDataRow([n, .. Columns.Select((column, at) => n % NullEvery == at % NullEvery ? DBNull.Value : column.Value(n))], fAcceptChanges: true);
        }

        table.EndLoadData();
        return table;
    }

    private static void AssertSame(string expected, string actual)
    {
        if (expected != actual)
        {
            using var one = JsonDocument.Parse(expected);
            using var other = JsonDocument.Parse(actual);
            Assert.True(ArrivedValues.AreEqual(one.RootElement, other.RootElement), $"expected {expected}, got {actual}");
        }
    }
}
