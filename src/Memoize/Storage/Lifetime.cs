namespace Memoize.Storage;

/// <summary>Arithmetic on deadlines. Nothing overflows: what is too far away is never.</summary>
internal static class Lifetime
{
    /// <summary>The deadline, and the length of a lifetime, that never comes.</summary>
    public const long Infinite = long.MaxValue;

    /// <summary>Whole milliseconds, rounded up, so that a lifetime is never shorter than asked for; 0 seconds are <see cref="Infinite"/>.</summary>
    public static long FromSeconds(double seconds)
    {
        if (!(seconds > 0))
            return Infinite;

        // 1.1 s are 1100.0000000000002 ms in floating point: what is a whole number up to that noise stays one.
        var milliseconds = seconds * 1000;
        var whole = Math.Round(milliseconds);
        if (Math.Abs(milliseconds - whole) > 1e-9 * milliseconds)
            whole = Math.Ceiling(milliseconds);
        return whole >= long.MaxValue / 2 ? Infinite : Math.Max(1, (long)whole);
    }

    /// <summary>Whole milliseconds, rounded up; <see cref="TimeSpan.MaxValue"/> is <see cref="Infinite"/>.</summary>
    public static long Of(TimeSpan length)
        => length == TimeSpan.MaxValue ? Infinite : (length.Ticks / TimeSpan.TicksPerMillisecond) + (length.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);

    /// <summary>The deadline of something that begins now.</summary>
    public static long Deadline(long now, long length)
        => length >= Infinite - now ? Infinite : now + length;
}
