using System.Numerics;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Sqlite.Engine;

/// <summary>When an entry expires, in milliseconds since 1970. What never does, expires at the end of time.</summary>
/// <param name="Expires">The next deadline; moves with each use where there is a sliding time.</param>
/// <param name="Sliding">The sliding time; 0 if there is none.</param>
/// <param name="Absolute">The last deadline.</param>
internal readonly record struct Deadline(long Expires, long Sliding, long Absolute)
{
    internal const long Never = long.MaxValue;

    internal static Deadline From(DistributedCacheEntryOptions options, DateTimeOffset now)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        var absolute = Never;
        if (options.AbsoluteExpirationRelativeToNow is { } relative)
            absolute = Add(milliseconds, relative);
        else if (options.AbsoluteExpiration is { } moment)
            absolute = moment.ToUnixTimeMilliseconds();
        var sliding = options.SlidingExpiration is { } span ? Math.Max(1, (long)span.TotalMilliseconds) : 0;
        return new(Next(milliseconds, sliding, absolute), sliding, absolute);
    }

    /// <summary>The deadline of an entry that is used now.</summary>
    internal static long Next(long now, long sliding, long absolute)
        => sliding == 0 || sliding >= absolute - now ? absolute : now + sliding;

    /// <summary>
    /// The shelf of an entry: its deadline, rounded up by an eighth of what it has left at most. So there are few shelves, all of a shelf
    /// have expired when its time is over, and on a shelf entries can be in the order of their use.
    /// </summary>
    internal static long Shelf(long expires, long now)
    {
        if (expires == Never || expires <= now)
            return expires;
        var step = 1L << Math.Max(10, BitOperations.Log2((ulong)(expires - now)) - 3);
        return expires > Never - step ? Never : (expires + step - 1) & -step;
    }

    private static long Add(long now, TimeSpan span)
    {
        var milliseconds = (long)Math.Ceiling(span.TotalMilliseconds);
        return milliseconds >= Never - now ? Never : now + milliseconds;
    }
}
