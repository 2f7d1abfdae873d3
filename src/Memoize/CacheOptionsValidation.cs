using System.Globalization;

namespace Memoize;

/// <summary>Refuses options that no cache can honour, in words that say where, what and what to do.</summary>
internal static class CacheOptionsValidation
{
    private const int SmallestSize = 3;                       // three queues of the engine, one entry each
    private const double ShortestSeconds = 0.001;             // the clock counts milliseconds
    private const double LongestSeconds = 100.0 * 365 * 86400;

    internal static void Validate(string method, CacheOptions options)
    {
        Seconds(method, nameof(CacheOptions.Ttl), options.Ttl);
        Seconds(method, nameof(CacheOptions.Sliding), options.Sliding);
        Seconds(method, nameof(CacheOptions.StaleWhileRevalidate), options.StaleWhileRevalidate);
        Seconds(method, nameof(CacheOptions.StaleIfError), options.StaleIfError);
        Seconds(method, nameof(CacheOptions.Timeout), options.Timeout);
        Seconds(method, nameof(CacheOptions.ErrorTtl), options.ErrorTtl);
        Seconds(method, nameof(CacheOptions.NullTtl), options.NullTtl);
        Part(method, nameof(CacheOptions.RefreshAhead), options.RefreshAhead);
        Part(method, nameof(CacheOptions.Jitter), options.Jitter);
        if (options.MaxSize < SmallestSize)
        {
            throw Refuse(method, nameof(CacheOptions.MaxSize), options.MaxSize,
                $"a cache keeps at least {SmallestSize} entries. Give {SmallestSize} or more, or leave it out for 1024.");
        }

        if (options.MaxBytes < 0)
        {
            throw Refuse(method, nameof(CacheOptions.MaxBytes), options.MaxBytes,
                "but nothing weighs less than nothing. Give the most that all entries may weigh together, or leave it out (or give 0) for no bound by weight.");
        }

        if (options.Eviction is not (Eviction.Lru or Eviction.Lfu))
        {
            throw Refuse(method, nameof(CacheOptions.Eviction), options.Eviction,
                $"which is no kind of eviction. Give {nameof(Eviction)}.{nameof(Eviction.Lru)} or {nameof(Eviction)}.{nameof(Eviction.Lfu)}.");
        }
    }

    private static void Seconds(string method, string option, double seconds)
    {
        if (seconds == 0)
            return;

        if (double.IsNaN(seconds) || double.IsInfinity(seconds))
            throw Refuse(method, option, seconds, "which is no number of seconds. Leave it out (or give 0) for no limit.");
        if (seconds < 0)
            throw Refuse(method, option, seconds, "but time does not run backwards. Give the seconds, or leave it out (or give 0) for no limit.");
        if (seconds < ShortestSeconds)
            throw Refuse(method, option, seconds, "shorter than the millisecond that the clock can tell. Give 0.001 or more; the unit is seconds.");
        if (seconds > LongestSeconds)
            throw Refuse(method, option, seconds, "more than a hundred years. Leave it out (or give 0) for no limit; the unit is seconds.");
    }

    private static void Part(string method, string option, double part)
    {
        if (!(part is >= 0 and <= 1))
            throw Refuse(method, option, part, "which is no part of a lifetime. Give a number from 0 to 1, such as 0.8 for four fifths of it.");
    }

    private static ArgumentOutOfRangeException Refuse(string method, string option, object value, string why)
        => new($"options.{option}", value, string.Create(CultureInfo.InvariantCulture, $"{method}: {option} is {value}, {why}"));
}
