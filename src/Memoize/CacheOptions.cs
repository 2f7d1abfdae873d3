namespace Memoize;

/// <summary>What the attribute of a cached method asks for, as the runtime sees it. Immutable and safe to share.</summary>
/// <remarks>The values are checked when a <see cref="CachedMethod"/> is made of them, because only then is there a method to name.</remarks>
public sealed class CacheOptions
{
    /// <summary>
    /// Seconds for which a value is served, counted from the moment it is ready; 0 (the default) for no limit. Otherwise at
    /// least a millisecond.
    /// </summary>
    public double Ttl { get; init; }

    /// <summary>
    /// Seconds after the last read at which a value expires; 0 (the default) for never. Otherwise at least a millisecond.
    /// Where <see cref="Ttl"/> is given too, no amount of reading keeps a value beyond it.
    /// </summary>
    public double Sliding { get; init; }

    /// <summary>The most entries that one cache keeps, a hard bound; at least 3, by default 1024.</summary>
    public int MaxSize { get; init; } = 1024;

    /// <summary>What makes room when the cache is full; the default is <see cref="Eviction.Lru"/>.</summary>
    public Eviction Eviction { get; init; }
}
