using Microsoft.Extensions.Logging;

namespace Memoize.Memcached;

/// <summary>What is logged: changes of a server's state, never single calls.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "memcached {Server} is out of reach ({Failure}); its keys are misses until it answers again.")]
    public static partial void Down(this ILogger logger, string server, MemcachedFailure failure);

    [LoggerMessage(2, LogLevel.Information, "memcached {Server} answers again; {Removed} keys were removed that changed while it was out of reach.")]
    public static partial void Up(this ILogger logger, string server, int removed);

    [LoggerMessage(3, LogLevel.Debug, "A connection to memcached {Server} has ended ({Failure}).")]
    public static partial void Closed(this ILogger logger, string server, MemcachedFailure failure);

    [LoggerMessage(4, LogLevel.Error, "memcached {Server} has been out of reach for so many changes that no more can be made up for later; until it is back, calls that change its values fail.")]
    public static partial void TooManyChanges(this ILogger logger, string server);

    [LoggerMessage(5, LogLevel.Debug, "No connection to memcached {Server}.")]
    public static partial void NotConnected(this ILogger logger, string server, Exception exception);
}
