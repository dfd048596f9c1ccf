using System.Data;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.Data.Sqlite;

namespace OptimoveDC.Benchmarks.Data;

/// <summary>The same customers as rows: of a database file, which is read through its driver, and of a table in memory.</summary>
public static class CustomerDatabase
{
    // In a shell that has loaded this assembly, nobody else knows where its packages keep SQLite's native library.
    static CustomerDatabase()
    {
        var packages = new AssemblyDependencyResolver(typeof(CustomerDatabase).Assembly.Location);
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            packages.ResolveUnmanagedDllToPath(name) is { } path ? NativeLibrary.Load(path) : IntPtr.Zero;
    }

    /// <summary>Writes a database with so many customers, all columns text.</summary>
    internal static void Create(string path, int count)
    {
        using var connection = new SqliteConnection(ConnectionString(path));
        connection.Open();
        Execute(connection, $"CREATE TABLE customers ({string.Join(", ", CustomerGenerator.Columns.Select(column => column + " TEXT"))})");
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = $"INSERT INTO customers VALUES ({string.Join(", ", CustomerGenerator.Columns.Select(column => "$" + column))})";
        foreach (var column in CustomerGenerator.Columns)
        {
            insert.Parameters.Add("$" + column, SqliteType.Text);
        }

        var generator = new CustomerGenerator();
        var fields = new string[CustomerGenerator.Columns.Count];
        for (var number = 0; number < count; number++)
        {
            generator.Fill(number, fields);
            for (var column = 0; column < fields.Length; column++)
            {
                insert.Parameters[column].Value = fields[column];
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Opens a reader of all customers, and gives it to somebody.</summary>
    public static long Read(string path, Func<IDataReader, long> use)
    {
        using var connection = new SqliteConnection(ConnectionString(path));
        connection.Open();
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT * FROM customers";
        using var reader = query.ExecuteReader();
        return use(reader);
    }

    /// <summary>Reads every value and drops it.</summary>
    public static long Drain(IDataReader reader)
    {
        var records = 0L;
        while (reader.Read())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                _ = reader.GetValue(column);
            }

            records++;
        }

        return records;
    }

    /// <summary>So many customers as the rows of a table.</summary>
    public static DataRow[] Rows(int count)
    {
        var table = new DataTable("customers");
        foreach (var column in CustomerGenerator.Columns)
        {
            table.Columns.Add(column, typeof(string));
        }

        var generator = new CustomerGenerator();
        var fields = new string[CustomerGenerator.Columns.Count];
        table.BeginLoadData();
        for (var number = 0; number < count; number++)
        {
            generator.Fill(number, fields);
            table.LoadDataRow([.. fields], fAcceptChanges: true);
        }

        table.EndLoadData();
        return table.Select();
    }

    private static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
