using Microsoft.Data.Sqlite;
using OptimoveDC.Core.IO;
using SQLitePCL;

namespace OptimoveDC.Core.Sync;

/// <summary>
/// What the Data Connection is known to hold: a SQLite file with a row a key. A row with a mark is <em>pending</em>: a
/// request may carry it, or may have carried it in an earlier sync, and it claims nothing. The file is locked for as
/// long as it is open, and several threads may use it.
/// </summary>
internal sealed class SyncState : IDisposable
{
    // "ODCS": what other databases don't have in their header.
    private const int ApplicationId = 0x4F444353;

    /// <summary>The form of the file, which the order of its keys is part of.</summary>
    private const int Format = 1;

    private const int SmallestDatabase = 512;
    private const string InMemory = ":memory:";

    private readonly SqliteConnection _connection;
    private readonly object _gate = new();

    private SyncState(string path, SqliteConnection connection)
    {
        Path = path;
        _connection = connection;
    }

    internal string Path { get; }

    internal sqlite3 Database => _connection.Handle!;

    /// <summary>Held by whoever uses the database.</summary>
    internal object Gate => _gate;

    /// <summary>Opens a state, or makes an empty one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isTrial">True when nothing is to be kept: then a missing file is not made either.</param>
    /// <exception cref="SyncException">It can't be used.</exception>
    internal static SyncState Open(string path, bool isTrial)
    {
        var full = System.IO.Path.GetFullPath(path);
        var inMemory = isTrial && !File.Exists(full);
        SqliteConnection? connection = null;
        try
        {
            if (!inMemory)
            {
                // SQLite gives what it makes beside the file the permissions of the file.
                PrivateFile.Open(full, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
                if (new FileInfo(full).Length is > 0 and < SmallestDatabase)
                {
                    // SQLite would take it for the beginning of a database, and write over it.
                    throw new SyncException(SyncFault.StateUnreadable, $"The state {full} can't be used: it is something else.");
                }
            }

            var settings = new SqliteConnectionStringBuilder { DataSource = inMemory ? InMemory : full, Pooling = false, DefaultTimeout = 1 };
            connection = new SqliteConnection(settings.ToString());
            connection.Open();
            var state = new SyncState(full, connection);
            state.Prepare();
            return state;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw Explain(full, exception);
        }
        catch (SyncException)
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that have no parameters.</summary>
    internal void Execute(string sql)
    {
        lock (_gate)
        {
            var result = raw.sqlite3_exec(Database, sql);
            if (result != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(result, Database);
            }
        }
    }

    internal string? ReadSetting(string name)
    {
        lock (_gate)
        {
            using var statement = new SqliteStatement(Database, "SELECT value FROM settings WHERE name = ?1");
            if (!statement.Bind(1, name).Step())
            {
                return null;
            }

            var value = statement.Text(0);
            statement.Reset();
            return value;
        }
    }

    internal void WriteSetting(string name, string value)
    {
        lock (_gate)
        {
            using var statement = new SqliteStatement(Database, "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
            statement.Bind(1, name).Bind(2, value).Run();
        }
    }

    /// <summary>What a failure of the database means to the user.</summary>
    internal static SyncException Explain(string path, Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } =>
            new(SyncFault.StateInUse, $"The state {path} is in use: another sync is running with it.", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT } =>
            new(SyncFault.StateUnreadable, $"The state {path} can't be used: it is damaged, or no state at all.", exception),
        SqliteException sqlite => new(SyncFault.StateUnwritable, $"The state {path} can't be read or written: {Describe(sqlite)}.", exception),
        _ => new(SyncFault.StateUnwritable, $"The state {path} can't be read or written: {exception.Message.TrimEnd('.')}.", exception),
    };

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }

    // The provider wraps what SQLite says: SQLite Error 13: 'database or disk is full'.
    private static string Describe(SqliteException exception) => exception.Message.Split('\'') is [_, var reason, ..] ? reason : exception.Message;

    private void Prepare()
    {
        // The lock is taken by the first write and kept until the file is closed.
        Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE");
        raw.sqlite3_busy_timeout(Database, 0);
        Execute("BEGIN EXCLUSIVE");
        var application = ReadPragma("application_id");
        var format = ReadPragma("user_version");
        if (application == 0 && format == 0 && !HasTables())
        {
            Execute($"""
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {Format};
                CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE records (
                    key BLOB NOT NULL PRIMARY KEY,
                    hash BLOB,
                    expires INTEGER,
                    gone INTEGER,
                    pending INTEGER NOT NULL DEFAULT 0,
                    next BLOB) WITHOUT ROWID;
                """);
        }
        else if (application != ApplicationId)
        {
            throw new SyncException(SyncFault.StateUnreadable, $"The state {Path} can't be used: it is a database of something else.");
        }
        else if (format != Format)
        {
            throw new SyncException(SyncFault.StateUnreadable, $"The state {Path} can't be used: it has the format {format}, and this version of the module reads {Format}.");
        }

        Execute("COMMIT");
        Execute("CREATE TEMP TABLE missing (key BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID");
    }

    private bool HasTables()
    {
        using var statement = new SqliteStatement(Database, "SELECT 1 FROM sqlite_schema LIMIT 1");
        var found = statement.Step();
        statement.Reset();
        return found;
    }

    private long ReadPragma(string name)
    {
        using var statement = new SqliteStatement(Database, $"PRAGMA {name}");
        var value = statement.Step() ? statement.Number(0) : 0;
        statement.Reset();
        return value;
    }
}
