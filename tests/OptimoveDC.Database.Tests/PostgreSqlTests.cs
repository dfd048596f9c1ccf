using Npgsql;
using OptimoveDC.Cmdlets.Tests.Hosting;
using OptimoveDC.Database.Tests.Types;

namespace OptimoveDC.Database.Tests;

/// <summary>What PostgreSQL has, read through Npgsql.</summary>
public sealed class PostgreSqlTests(PostgreSqlCluster cluster) : IClassFixture<PostgreSqlCluster>
{
    private static readonly int Rows = RowCount.Value;

    // A time span in its constant form: days, where there are any, and a fraction of seven digits, where there is one.
    private const string Span =
        """to_json(CASE WHEN $v < interval '0' THEN '-' ELSE '' END || CASE WHEN abs(extract(epoch FROM $v)) >= 86400 THEN div(abs(extract(epoch FROM $v)), 86400) || '.' ELSE '' END || to_char(make_interval(secs => mod(abs(extract(epoch FROM $v)), 86400)::float8), 'HH24:MI:SS') || CASE WHEN mod(abs(extract(epoch FROM $v)), 1) = 0 THEN '' ELSE '.' || to_char(round(mod(abs(extract(epoch FROM $v)), 1) * 1000000), 'FM000000') || '0' END)::text""";

    private static readonly TypeColumn[] Columns =
    [
        new("a_boolean", "n % 2 = 0", "to_json($v)::text"),
        new("a_smallint", "(n % 65536 - 32768)::int2", "to_json($v)::text"),
        new("an_integer", "(n::int8 * 42949 - 2147483648)::int4", "to_json($v)::text"),
        new("a_bigint", "9223372036854775807 - n::int8", "to_json($v)::text"),
        new("a_real", "(n / 8.0)::float4", "to_json($v)::text"),
        new("a_double", "n::float8 / 3 * 10 ^ (n % 40 - 20)", "to_json($v)::text"),
        new("a_numeric", "(n / 4.0)::numeric(12, 2)", "to_json($v)::text"),
        new("a_wide_numeric", "(n || '5678901234567890.123400')::numeric", "to_json($v)::text"),
        new("a_money", "(n / 4.0)::numeric::money", "to_json($v::numeric(12, 2))::text"),
        new("a_text", """n || E' "quoted" \\ back\tslash\n ünï😀 ' || repeat('x', n % 50)""", "to_json($v)::text"),
        new("an_empty_text", "''", "to_json($v::text)::text"),
        new("a_varchar", "('v' || n)::varchar(20)", "to_json($v)::text"),
        new("a_padded_char", "(n % 100)::text::char(5)", "to_json(rpad($v, 5))::text"),
        new("an_internal_char", """chr(65 + n % 26)::"char" """, "to_json($v::text)::text"),
        new("a_name", "('n' || n)::name", "to_json($v::text)::text"),
        new("a_uuid", "md5(n::text)::uuid", "to_json($v::text)::text"),
        new("a_bytea", "decode(repeat(md5(n::text), n % 9), 'hex')", "to_json(translate(encode($v, 'base64'), E'\\n', ''))::text"),
        new("a_date", "date '1900-01-01' + n", "to_json($v)::text"),
        new("a_time", "time '00:00' + n * interval '0.864123 seconds'", "to_json(to_char($v, 'HH24:MI:SS.US') || '0')::text"),
        new("a_timestamp", "timestamp '1970-01-01' + n * interval '9123.004500 seconds'", "to_json($v)::text"),
        new("a_timestamp_with_zone", "timestamptz '1970-01-01 00:00+00' + n * interval '9123.000001 seconds'", "replace(to_json($v)::text, '+00:00', 'Z')"),
        new("an_interval", "(n - 50000) * interval '61.000001 seconds' + n % 3 * interval '1 day'", Span),
        new("an_enum", "(ARRAY['sad', 'so so', 'happy'])[n % 3 + 1]::mood", "to_json($v::text)::text"),
        new("a_domain", "n::positive", "to_json($v)::text"),
        new("a_json", """('{"n": ' || n || ', "of": [1.50, null, {"a": true}]}')::json""", "to_json($v::text)::text"),
        new("a_jsonb", """('{"n": ' || n || ', "of": [1.50, null, {"a": true}]}')::jsonb""", "$v::text"),
        new("an_xml", "('<n>' || n || '</n>')::xml", "to_json($v::text)::text"),
        new("a_bit", "(n % 2)::bit(1)", "CASE WHEN $v = B'1' THEN '[true]' ELSE '[false]' END"),
        new("an_oid", "n::oid", "$v::text"),
        new("an_xid8", "n::text::xid8", "$v::text"),
        new("integers", "CASE WHEN n % 5 = 0 THEN ARRAY[]::int[] ELSE ARRAY[n, -n] END", "to_json($v)::text"),
        new("texts", "ARRAY['a' || n, NULL, '']", "to_json($v)::text"),
        new("numerics", "ARRAY[1.50, n / 4.0]", "to_json($v)::text"),
        new("timestamps", "ARRAY[timestamp '2024-02-29 13:14:15.5' + n * interval '1 second']", "to_json($v)::text"),
        new("uuids", "ARRAY[md5(n::text)::uuid]", "to_json($v)::text"),
        new("a_jsonpath", "'$.a'::jsonpath", "to_json($v::text)::text"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_type_arrives_as_PostgreSQL_says_it_is()
    {
        Assert.SkipWhen(cluster.Absence is not null, cluster.Absence ?? "");
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, "CREATE TYPE mood AS ENUM ('sad', 'so so', 'happy')", "CREATE DOMAIN positive AS int CHECK (value > 0)");
        await ExecuteAsync(connection, TypeColumn.CreateTable(Columns, $"generate_series(1, {Rows}) AS s(n)"));
        await connection.ReloadTypesAsync(Stop);
        await using var shell = ConnectedShell.Open();
        await using (var query = new NpgsqlCommand("SELECT * FROM every_type ORDER BY user_id", connection))
        await using (var reader = await query.ExecuteReaderAsync(Stop))
        {
            var result = shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id -ColumnType @{ a_jsonb = 'Json' }").Only<LoadResult>();

            Assert.Equal(((long)Rows, (long)Rows, true), (result.Read, result.Sent, result.Completed));
            Assert.False(reader.IsClosed);
        }

        await using var expectation = new NpgsqlCommand(TypeColumn.SelectExpected(Columns), connection);
        Assert.Equal((long)Rows * Columns.Length, ArrivedValues.AssertEqual(shell.Connection, expectation, Columns));
    }

    [Theory]
    [InlineData("123456789012345678901234567890.5::numeric", "System.Decimal")]
    [InlineData("'NaN'::numeric", "NaN")]
    [InlineData("'NaN'::float8", "JSON doesn't have")]
    [InlineData("'-Infinity'::float4", "JSON doesn't have")]
    [InlineData("interval '2 months'", "months")]
    [InlineData("ARRAY[1, NULL]", "nulls")]
    [InlineData("date '0044-03-15 BC'", "out of range")]
    [InlineData("ROW(1, 'x')::pair", "pair")]
    [InlineData("'pg_class'::regclass", "regclass")]
    public async Task What_can_not_be_sent_as_it_is_refuses_its_record_and_names_the_column(string value, string reason)
    {
        Assert.SkipWhen(cluster.Absence is not null, cluster.Absence ?? "");
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, "DO $$ BEGIN CREATE TYPE pair AS (a int, b text); EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await connection.ReloadTypesAsync(Stop);
        await using var shell = ConnectedShell.Open();
        await using var query = new NpgsqlCommand($"SELECT 'a' AS user_id, {value} AS worth UNION ALL SELECT 'b', NULL", connection);
        await using var reader = await query.ExecuteReaderAsync(Stop);

        var run = shell.Shell.Set("reader", reader).Run("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id");

        Assert.Contains("worth", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal((2L, 1L, 1L), run.Objects<LoadResult>().Select(result => (result.Read, result.Sent, result.Rejected)).Single());
    }

    [Fact]
    public async Task Ctrl_C_cancels_a_query_that_is_slow_to_give_its_next_row()
    {
        Assert.SkipWhen(cluster.Absence is not null, cluster.Absence ?? "");
        await using var connection = await OpenAsync();
        await using var shell = ConnectedShell.Open();
        await using var query = new NpgsqlCommand("SELECT n AS user_id, CASE WHEN n > 50 THEN pg_sleep(60)::text ELSE repeat('x', 10000) END AS slow FROM generate_series(1, 60) AS s(n)", connection);
        await using var reader = await query.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, Stop);
        using var running = shell.Shell.Set("reader", reader).Start("Import-OptimoveData -InputObject $reader -DataConnectionId $id -KeyProperty user_id");
        await Task.Delay(500, Stop);

        var stopping = await running.StopAsync();

        Assert.True((await running.Completion).WasStopped, $"{(await running.Completion).Exception}");
        Assert.True(stopping < TimeSpan.FromSeconds(1), $"{stopping}");
        Assert.Empty(shell.Connection.Records);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(cluster.ConnectionString + ";Timezone=UTC");
        await connection.OpenAsync(Stop);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Stop);
        }
    }
}
