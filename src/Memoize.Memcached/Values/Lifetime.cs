using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached.Values;

/// <summary>
/// How long a value lives. The server counts whole seconds and may be up to one early, so it is given one more than that, and the exact
/// end is stored with the value. A sliding window is the server's alone, and rounded up to seconds.
/// </summary>
/// <param name="AbsoluteEnd">When it ends for good, in milliseconds of Unix time.</param>
/// <param name="SlidingSeconds">The seconds that it lives unread; 0 for no such limit.</param>
internal readonly record struct Lifetime(long? AbsoluteEnd, int SlidingSeconds)
{
    // The server takes anything above for a Unix time.
    private const int LongestRelative = 60 * 60 * 24 * 30;

    public static Lifetime Of(DistributedCacheEntryOptions options, DateTimeOffset now)
    {
        DateTimeOffset? end = options.AbsoluteExpirationRelativeToNow is { } span
            ? span < DateTimeOffset.MaxValue - now ? now + span : null
            : options.AbsoluteExpiration;
        var sliding = options.SlidingExpiration is { } window ? (int)Math.Min(Math.Ceiling(window.TotalSeconds), int.MaxValue / 2) : 0;
        return new Lifetime(end?.ToUnixTimeMilliseconds(), sliding);
    }

    public bool IsOver(DateTimeOffset now) => AbsoluteEnd <= now.ToUnixTimeMilliseconds();

    /// <summary>The seconds that the server is to keep it from now on; 0 for ever.</summary>
    public long Seconds(DateTimeOffset now)
    {
        var left = AbsoluteEnd is { } end ? ((end - now.ToUnixTimeMilliseconds() + 999) / 1000) + 1 : long.MaxValue;
        var window = SlidingSeconds > 0 ? SlidingSeconds + 1 : long.MaxValue;
        return Math.Min(left, window) is var seconds and < long.MaxValue ? Math.Max(seconds, 1) : 0;
    }

    /// <summary>The same as the server takes it: a Unix time where it is longer than 30 days.</summary>
    public int Token(DateTimeOffset now) => Token(Seconds(now), now);

    /// <summary>So many seconds as the server takes them.</summary>
    public static int Token(long seconds, DateTimeOffset now)
    {
        if (seconds <= LongestRelative)
            return (int)seconds;
        // After 2038 the server cannot say; the exact end is in the value, and the server forgets what nobody reads.
        var time = now.ToUnixTimeSeconds() + seconds;
        return time <= int.MaxValue ? (int)time : 0;
    }
}
