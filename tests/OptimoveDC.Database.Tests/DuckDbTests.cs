using DuckDB.NET.Data;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Database.Tests.Types;

namespace OptimoveDC.Database.Tests;

/// <summary>What DuckDB has, read through DuckDB.NET.</summary>
public sealed class DuckDbTests
{
    private static readonly int Rows = RowCount.Value;

    // Without the zeros at the end of the fraction, and without a fraction of zeros.
    private const string Time = @"to_json(regexp_replace(strftime($v, '%Y-%m-%dT%H:%M:%S.%f'), '\.?0+$', ''))";

    private static readonly TypeColumn[] Columns =
    [
        new("a_boolean", "n % 2 = 0", "to_json($v)"),
        new("a_tinyint", "(n % 256 - 128)::tinyint", "$v::varchar"),
        new("a_smallint", "(n % 65536 - 32768)::smallint", "$v::varchar"),
        new("an_integer", "(n * 21474 - 2147483648)::integer", "$v::varchar"),
        new("a_bigint", "9223372036854775807 - n", "$v::varchar"),
        new("a_utinyint", "(n % 256)::utinyint", "$v::varchar"),
        new("a_usmallint", "(n % 65536)::usmallint", "$v::varchar"),
        new("a_uinteger", "(n * 42949)::uinteger", "$v::varchar"),
        new("a_ubigint", "18446744073709551615::ubigint - n::ubigint", "$v::varchar"),
        new("a_hugeint", "170141183460469231731687303715884105727::hugeint - n", "$v::varchar"),
        new("a_uhugeint", "340282366920938463463374607431768211455::uhugeint - n::uhugeint", "$v::varchar"),
        new("a_float", "(n / 8.0)::float", "printf('%.9e', $v::double)"),
        new("a_double", "n::double / 3 * pow(10, n % 40 - 20)", "printf('%.17e', $v)"),
        new("a_decimal", "(n / 4.0)::decimal(12, 2)", "$v::varchar"),
        new("a_wide_decimal", "(n || '34567890123456.12345678')::decimal(38, 8)", "$v::varchar"),
        new("a_varchar", "n || ' \"quoted\" \\ tab' || chr(9) || chr(10) || ' ünï😀 ' || repeat('x', n % 50)", "to_json($v)"),
        new("an_empty_varchar", "''", "to_json($v)"),
        new("a_blob", "unhex(repeat(md5(n::varchar), n % 9))", "to_json(to_base64($v))"),
        new("a_uuid", "md5(n::varchar)::uuid", "to_json($v::varchar)"),
        new("a_date", "date '1900-01-01' + n::integer", "to_json($v::varchar)"),
        new("a_time", "time '00:00:00' + to_microseconds(n * 864123)", "to_json(strftime(timestamp '1970-01-01' + to_microseconds(user_id * 864123), '%H:%M:%S.%f') || '0')"),
        new("a_timestamp", "timestamp '1970-01-01' + to_microseconds(n * 9123004500)", Time),
        new("a_timestamp_s", "(timestamp '1970-01-01' + to_seconds(n * 9123))::timestamp_s", Time.Replace("$v", "$v::timestamp", StringComparison.Ordinal)),
        new("a_timestamp_ms", "(timestamp '1970-01-01' + to_milliseconds(n * 9123004))::timestamp_ms", Time.Replace("$v", "$v::timestamp", StringComparison.Ordinal)),
        new("a_timestamp_ns", "(timestamp '1970-01-01' + to_microseconds(n * 9123004500))::timestamp_ns", Time.Replace("$v", "$v::timestamp", StringComparison.Ordinal)),
        // The driver gives it in UTC and doesn't say so; none is invented.
        new("a_timestamp_with_zone", "timestamptz '1970-01-01 00:00:00+00' + to_microseconds(n * 9123000001)", Time.Replace("$v", "timestamp '1970-01-01' + to_microseconds(user_id * 9123000001)", StringComparison.Ordinal)),
        new("an_interval", "to_microseconds(n * 61000001)", "to_json(CASE WHEN user_id * 61000001 >= 86400000000 THEN (user_id * 61000001 // 86400000000) || '.' ELSE '' END || strftime(timestamp '1970-01-01' + to_microseconds(user_id * 61000001 % 86400000000), '%H:%M:%S') || CASE WHEN user_id * 61000001 % 1000000 = 0 THEN '' ELSE '.' || lpad((user_id * 61000001 % 1000000)::varchar, 6, '0') || '0' END)"),
        new("an_enum", "['sad', 'so so', 'happy'][n % 3 + 1]::mood", "to_json($v::varchar)"),
        new("a_bit", "(n % 256)::utinyint::bit", "to_json($v::varchar)"),
        new("integers", "CASE WHEN n % 5 = 0 THEN []::integer[] ELSE [n::integer, -n::integer] END", "to_json($v)"),
        new("texts", "['a' || n, NULL, '']", "to_json($v)"),
        new("lists", "[[n], [], [n, n + 1]]", "to_json($v)"),
        new("a_struct", "{'a': n, 'b': 'x' || n, 'c': NULL::integer, 'd': {'e': [n]}}", "to_json($v)"),
        new("structs", "[{'a': n}, {'a': n + 1}]", "to_json($v)"),
        new("a_map", "MAP {'k': n, 'l': n + 1}", "to_json($v)"),
    ];

    [Fact]
    public async Task Every_type_arrives_as_DuckDB_says_it_is()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        Execute(command, "SET TimeZone = 'UTC'", "CREATE TYPE mood AS ENUM ('sad', 'so so', 'happy')", TypeColumn.CreateTable(Columns, $"range(1, {Rows + 1}) AS s(n)"));
        await using var shell = ConnectedShell.Open();
        command.CommandText = "SELECT * FROM every_type ORDER BY user_id";
        using (var reader = command.ExecuteReader())
        {
            var result = shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id").Only<LoadResult>();

            Assert.Equal(((long)Rows, (long)Rows, true), (result.Read, result.Sent, result.Completed));
            Assert.False(reader.IsClosed);
        }

        command.CommandText = TypeColumn.SelectExpected(Columns);
        Assert.Equal((long)Rows * Columns.Length, ArrivedValues.AssertEqual(shell.Connection, command, Columns));
    }

    [Theory]
    [InlineData("array_value(1, 2, 3)", "[1,2,3]")]
    [InlineData("MAP {1: 'a'}", """{"1":"a"}""")]
    [InlineData("timetz '13:14:15+02'", "\"0001-01-02T13:14:15+02:00\"")]
    public async Task What_a_table_can_not_have_in_every_other_row_arrives_too(string value, string json)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 'a' AS user_id, {value} AS worth";
        await using var shell = ConnectedShell.Open();
        using var reader = command.ExecuteReader();

        shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id").EnsureSucceeded();

        Assert.Equal($"{{\"user_id\":\"a\",\"worth\":{json}}}", Assert.Single(shell.Connection.Records).Json);
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345678::decimal(38, 0)", "System.Decimal")]
    [InlineData("INTERVAL 2 MONTH", "Months")]
    [InlineData("[1, NULL, 3]", "null")]
    [InlineData("'nan'::double", "JSON doesn't have")]
    [InlineData("'infinity'::float", "JSON doesn't have")]
    public async Task What_can_not_be_sent_as_it_is_refuses_its_record_and_names_the_column(string value, string reason)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 'a' AS user_id, {value} AS worth UNION ALL SELECT 'b', NULL";
        await using var shell = ConnectedShell.Open();
        using var reader = command.ExecuteReader();

        var run = shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id");

        Assert.Contains("worth", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal((2L, 1L, 1L), run.Objects<LoadResult>().Select(result => (result.Read, result.Sent, result.Rejected)).Single());
    }

    private static void Execute(System.Data.Common.DbCommand command, params string[] statements)
    {
        foreach (var statement in statements)
        {
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }
}
