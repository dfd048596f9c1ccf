using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// A prepared statement whose values are bound and read as spans: a million rows pass through without an object for
/// each, which is what the provider's own reader would make.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    internal SqliteStatement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, blob));
        return this;
    }

    internal SqliteStatement Bind(int parameter, string text)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, text));
        return this;
    }

    internal SqliteStatement Bind(int parameter, long? number)
    {
        Check(number is { } value ? raw.sqlite3_bind_int64(_statement, parameter, value) : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False when there is none; the statement is then ready to be used again.</returns>
    /// <exception cref="SqliteException">The database can't be read or written.</exception>
    internal bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }

        return false;
    }

    /// <summary>Runs a statement that has no rows.</summary>
    internal void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Leaves the rows that are left, so that others may write.</summary>
    internal void Reset() => raw.sqlite3_reset(_statement);

    internal bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>A value of the row; valid until the next step.</summary>
    internal ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    internal long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    internal string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }
    }
}
