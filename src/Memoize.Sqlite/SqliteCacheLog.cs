using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite;

internal static partial class SqliteCacheLog
{
    [LoggerMessage(1, LogLevel.Warning, "The cache file {File} cannot be {Used} ({Reason}): {Detail}. {Advice}. Calls go on without it, and it is tried again soon")]
    internal static partial void Failed(ILogger logger, string file, string used, SqliteFailure reason, string detail, string advice);

    [LoggerMessage(2, LogLevel.Warning, "The cache file {File} was set aside as {Name} and a new one was begun: {Detail}. Nothing was deleted: {Advice}")]
    internal static partial void SetAside(ILogger logger, string file, string name, string detail, string advice);

    [LoggerMessage(3, LogLevel.Warning, "The entry {Key} in the cache file {File} is damaged: its checksum does not match. It is a miss and is removed. Others are counted and not told for a while; if there are many, look at the disk, or remove the file")]
    internal static partial void DamagedEntry(ILogger logger, string file, string key);

    /// <summary>What to do about a file that failed.</summary>
    internal static string Advice(SqliteFailure reason) => reason switch
    {
        SqliteFailure.Busy => "Look for who holds its lock for so long, or raise BusyTimeout",
        SqliteFailure.Full => "Make room on its disk or in the quota, or lower MaxBytes",
        SqliteFailure.ReadOnly => "Let this user write to the file and its folder, or set File to a place where it may",
        SqliteFailure.Foreign => "Set File to another place, or remove what is there",
        _ => "Look whether the file and its folder are there, and whether this user may open them",
    };

    /// <summary>What to do about a file that was set aside.</summary>
    internal static string AdviceAside(SqliteFailure reason) => reason is SqliteFailure.Foreign
        ? "if another application or version uses it, give each a File of its own and name this one back; else remove it"
        : "remove it when you have looked at it";
}
