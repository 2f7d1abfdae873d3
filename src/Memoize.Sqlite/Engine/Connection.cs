using SQLitePCL;

namespace Memoize.Sqlite.Engine;

/// <summary>An open database with its prepared statements, each prepared when it is first used. One thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly sqlite3 _database;
    private readonly Statement?[] _statements = new Statement?[Sql.Count];

    private Connection(sqlite3 database, string path, bool readOnly)
    {
        _database = database;
        Slots = new(this);
        Shelves = new(this);
        Large = new(path, readOnly);
    }

    internal Slots Slots { get; }

    internal Shelves Shelves { get; }

    internal LargeFile Large { get; }

    internal Statement this[int sql] => _statements[sql] ??= new Statement(_database, Sql.Text[sql]);

    /// <summary>Whether parts of values were discarded since this was last set to false.</summary>
    internal bool HasDiscarded { get; set; }

    internal int Changes => raw.sqlite3_changes(_database);

    internal long LastId => raw.sqlite3_last_insert_rowid(_database);

    internal bool InTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    static Connection() => Batteries_V2.Init();

    /// <summary>Opens a file, or makes an empty one. Reads nothing yet, so that a damaged file opens too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readOnly">Whether to read only.</param>
    /// <param name="busyMilliseconds">For how long a statement waits for another process.</param>
    /// <param name="frozen">Whether nobody writes to the file while it is open: then it is read without locks, and without files beside it.</param>
    internal static Connection Open(string path, bool readOnly, int busyMilliseconds, bool frozen = false)
    {
        // NOMUTEX: the pool sees to it that a connection is used by one thread at a time.
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        if (frozen)
            flags |= raw.SQLITE_OPEN_URI;
        var code = raw.sqlite3_open_v2(frozen ? Uri(path) : path, out var database, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var extended = raw.sqlite3_extended_errcode(database);
            var message = raw.sqlite3_errmsg(database).utf8_to_string();
            database.Dispose();
            throw StoreException.From(extended == 0 ? code : extended, message);
        }
        _ = raw.sqlite3_extended_result_codes(database, 1);
        var connection = new Connection(database, path, readOnly);
        connection.Wait(busyMilliseconds);
        return connection;
    }

    private static string Uri(string path)
    {
        var escaped = path.Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3f", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
        return $"file:{(OperatingSystem.IsWindows() ? "/" + escaped.Replace('\\', '/') : escaped)}?immutable=1";
    }

    /// <summary>For how long a statement waits for another process.</summary>
    internal void Wait(int milliseconds) => _ = raw.sqlite3_busy_timeout(_database, milliseconds);

    /// <summary>Runs statements that are not worth keeping prepared.</summary>
    internal void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_database, sql);
        if (code != raw.SQLITE_OK)
            throw StoreException.From(raw.sqlite3_extended_errcode(_database), raw.sqlite3_errmsg(_database).utf8_to_string());
    }

    internal long Scalar(string sql)
    {
        using var statement = new Statement(_database, sql);
        return statement.Scalar();
    }

    /// <summary>The length of a part, from its header; -1 if it is not there.</summary>
    internal long PartSize(long part)
    {
        var size = this[Sql.PartSize].Bind(1, part);
        if (!size.Step())
            return -1;
        var bytes = size.Long(0);
        size.Reset();
        return bytes;
    }

    internal Statement Prepare(string sql) => new(_database, sql);

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement?.Dispose();
        _database.Dispose();
        Large.Dispose();
    }
}
