using SQLitePCL;

namespace Memoize.Sqlite.Engine;

/// <summary>What SQLite or the file system answered, as a reason. Never leaves the store.</summary>
internal sealed class StoreException(SqliteFailure reason, string message) : Exception(message)
{
    internal SqliteFailure Reason { get; } = reason;

    /// <summary>The file on disk is no longer the one that is open.</summary>
    internal bool Moved { get; init; }

    internal static StoreException From(int code, string message) => new(ReasonOf(code), $"{message} (SQLite error {code})")
    {
        Moved = code == raw.SQLITE_READONLY_DBMOVED,
    };

    internal static StoreException From(Exception error) => new(
        error switch
        {
            UnauthorizedAccessException => SqliteFailure.ReadOnly,
            // ENOSPC and EDQUOT, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL; EROFS
            IOException { HResult: 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => SqliteFailure.Full,
            IOException { HResult: 30 } => SqliteFailure.ReadOnly,
            _ => SqliteFailure.Unavailable,
        },
        error.Message);

    private static SqliteFailure ReasonOf(int code) => code switch
    {
        raw.SQLITE_IOERR_SHORT_READ => SqliteFailure.Damaged,
        _ => (code & 0xFF) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => SqliteFailure.Busy,
            raw.SQLITE_FULL => SqliteFailure.Full,
            raw.SQLITE_READONLY => SqliteFailure.ReadOnly,
            // SQLITE_MISMATCH: a column has another type. SQLITE_ERROR says nothing about the file; whether its tables are ours is looked at when it
            // is opened, and it is opened anew after this.
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_MISMATCH or raw.SQLITE_CONSTRAINT => SqliteFailure.Damaged,
            _ => SqliteFailure.Unavailable,
        },
    };
}
