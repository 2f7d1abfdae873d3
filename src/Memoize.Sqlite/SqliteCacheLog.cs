using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite;

internal static partial class SqliteCacheLog
{
    [LoggerMessage(1, LogLevel.Warning, "The cache file {File} cannot be used ({Reason}): {Detail}. Calls go on without it, and it is tried again soon")]
    internal static partial void Failed(ILogger logger, string file, SqliteFailure reason, string detail);

    [LoggerMessage(2, LogLevel.Warning, "The cache file {File} was set aside as {Name} and a new one was begun: {Detail}. Nothing was deleted; remove it when you have looked at it")]
    internal static partial void SetAside(ILogger logger, string file, string name, string detail);

    [LoggerMessage(3, LogLevel.Warning, "The entry {Key} in the cache file {File} is damaged: its checksum does not match. It is a miss and is removed")]
    internal static partial void DamagedEntry(ILogger logger, string file, string key);
}
