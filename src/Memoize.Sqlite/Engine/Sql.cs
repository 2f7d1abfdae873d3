namespace Memoize.Sqlite.Engine;

/// <summary>The statements that every connection keeps prepared, by number.</summary>
internal static class Sql
{
    internal const int Begin = 0;
    internal const int Commit = 1;
    internal const int Rollback = 2;
    internal const int Read = 3;
    internal const int ReadParts = 4;
    internal const int Write = 5;
    internal const int WritePart = 6;
    internal const int Find = 7;
    internal const int Delete = 8;
    internal const int Discard = 9;
    internal const int Touch = 10;
    internal const int Last = 11;
    internal const int Oldest = 12;
    internal const int Trash = 13;
    internal const int KeepTrash = 14;
    internal const int DeletePart = 15;
    internal const int TakeLease = 16;
    internal const int Holder = 17;
    internal const int Lease = 18;
    internal const int EndLease = 19;
    internal const int PageCount = 20;
    internal const int FreePages = 21;
    internal const int Prefix = 22;
    internal const int ExpiredIn = 23;
    internal const int DeadLeases = 24;
    internal const int PrefixLeases = 25;
    internal const int PartSize = 26;
    internal const int DropTrash = 27;
    internal const int Rewrite = 28;
    internal const int Taken = 29;
    internal const int Ends = 30;
    internal const int SetSlots = 31;
    internal const int Gap = 32;
    internal const int GapSize = 33;
    internal const int LargestGaps = 34;
    internal const int DropGap = 35;
    internal const int AddGap = 36;
    internal const int GapBefore = 37;
    internal const int At = 38;
    internal const int PutShelf = 39;
    internal const int ExpiredShelf = 40;
    internal const int DropShelf = 41;
    internal const int DropBlocks = 42;
    internal const int RenewLease = 43;
    internal const int Count = 44;

    internal static readonly string[] Text =
    [
        "BEGIN IMMEDIATE",
        "COMMIT",
        "ROLLBACK",
        "SELECT key, size, expires, sliding, absolute, used, checksum, part, value FROM entries WHERE id = ?1",
        "SELECT value FROM parts WHERE id >= ?1 AND id < ?2 ORDER BY id",
        "INSERT INTO entries(id, key, size, expires, sliding, absolute, checksum, part, value, shelf, used) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        "INSERT INTO parts(value) VALUES(?1)",
        "SELECT place, part, size, CASE WHEN part < 0 THEN value END, shelf, used, key, expires, sliding, absolute FROM entries WHERE id = ?1",
        "DELETE FROM entries WHERE place = ?1",
        "INSERT OR REPLACE INTO trash(part, parts) VALUES(?1, ?2)",
        "UPDATE entries SET place = ?2, used = ?3, expires = ?4, shelf = ?5 WHERE place = ?1",
        "SELECT max(place) FROM entries",
        "SELECT place, used FROM entries ORDER BY place LIMIT 1",
        "SELECT part, parts FROM trash LIMIT 1",
        "UPDATE trash SET parts = ?2 WHERE part = ?1",
        "DELETE FROM parts WHERE id = ?1",
        """
        INSERT INTO leases(id, key, lease, until) VALUES(?1, ?5, ?2, ?3)
        ON CONFLICT(id) DO UPDATE SET key = excluded.key, lease = excluded.lease, until = excluded.until WHERE until <= ?4
        """,
        "SELECT lease FROM leases WHERE id = ?1 AND until > ?2",
        "DELETE FROM leases WHERE id = ?1 AND lease = ?2 AND until > ?3",
        "DELETE FROM leases WHERE id = ?1",
        "PRAGMA page_count",
        "PRAGMA freelist_count",
        "SELECT id FROM entries WHERE key >= ?1 AND key < ?2 OR key >= ?3 AND key < ?4",
        "SELECT place FROM entries WHERE place >= ?1 AND place < ?2 AND shelf <= ?3 ORDER BY place LIMIT 1",
        "DELETE FROM leases WHERE id IN (SELECT id FROM leases WHERE until <= ?1 LIMIT 100)",
        "DELETE FROM leases WHERE key >= ?1 AND key < ?2",
        "SELECT length(value) FROM parts WHERE id = ?1",
        "DELETE FROM trash WHERE part = ?1",
        "UPDATE entries SET key = ?2, size = ?3, expires = ?4, sliding = ?5, absolute = ?6, checksum = ?7, part = ?8, value = ?9 WHERE place = ?1",
        "SELECT taken FROM slots",
        "SELECT ends FROM slots",
        "UPDATE slots SET taken = ?1, ends = ?2",
        "SELECT first FROM gaps WHERE count >= ?1 LIMIT 1",
        "SELECT count FROM gaps WHERE first = ?1",
        "SELECT first, count FROM gaps ORDER BY count DESC LIMIT ?1",
        "DELETE FROM gaps WHERE first = ?1",
        "INSERT INTO gaps(first, count) VALUES(?1, ?2)",
        "SELECT first, count FROM gaps WHERE first < ?1 ORDER BY first DESC LIMIT 1",
        "SELECT place, part, size, CASE WHEN part < 0 THEN value END FROM entries WHERE place = ?1",
        "INSERT OR IGNORE INTO shelves(shelf, block) VALUES(?1, ?2)",
        "SELECT shelf, block FROM shelves WHERE shelf <= ?1 ORDER BY shelf, block LIMIT 1",
        "DELETE FROM shelves WHERE shelf = ?1 AND block = ?2",
        "DELETE FROM shelves WHERE block < ?1",
        "UPDATE leases SET until = ?3 WHERE id = ?1 AND lease = ?2 AND until > ?4",
    ];
}
