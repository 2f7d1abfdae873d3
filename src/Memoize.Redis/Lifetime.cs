using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Redis;

/// <summary>How long a value is stored. Both in milliseconds.</summary>
/// <param name="Absolute">Until its end; 0 if it has none.</param>
/// <param name="Window">For how long without a read; 0 if it has none, but needs a header; -1 if it needs none.</param>
internal readonly record struct Lifetime(long Absolute, long Window)
{
    internal static Lifetime Of(DistributedCacheEntryOptions options, ReadOnlySpan<byte> beginning)
    {
        ArgumentNullException.ThrowIfNull(options);
        var absolute = options.AbsoluteExpirationRelativeToNow;
        if (absolute is null && options.AbsoluteExpiration is { } end)
        {
            absolute = end - TimeProvider.System.GetUtcNow();
            if (absolute <= TimeSpan.Zero)
                throw new ArgumentOutOfRangeException(nameof(options), end, "The absolute expiration value must be in the future.");
        }
        var noWindow = SlidingHeader.StartsWithMark(beginning) ? 0 : -1;
        return new(
            absolute is { } life ? Milliseconds(life) : 0,
            options.SlidingExpiration is { } window ? Milliseconds(window) : noWindow);
    }

    // A hundred years: more overflows the clock of a server.
    private const double Longest = 100 * 365.25 * 24 * 60 * 60 * 1000;

    /// <summary>Rounded up, because Redis knows no lifetime of zero.</summary>
    internal static long Milliseconds(TimeSpan time) => (long)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 1, Longest);
}
