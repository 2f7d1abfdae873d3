namespace Memoize;

/// <summary>What the attribute of a cached method asks for, as the runtime sees it. Immutable.</summary>
public sealed class CacheOptions
{
    /// <summary>Seconds for which a value is served, counted from the moment it is ready; 0 (the default) for no limit.</summary>
    public double Ttl { get; init; }

    /// <summary>Seconds after the last read at which a value expires; 0 (the default) for never.</summary>
    public double Sliding { get; init; }

    /// <summary>The most entries that one cache keeps; the default is 1024.</summary>
    public int MaxSize { get; init; } = 1024;

    /// <summary>What makes room when the cache is full; the default is <see cref="Eviction.Lru"/>.</summary>
    public Eviction Eviction { get; init; }
}
