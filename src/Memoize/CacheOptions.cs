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

    /// <summary>
    /// Seconds after the end of its lifetime during which a value is still served, while one load in the background brings a new one;
    /// 0 (the default) for none. Otherwise at least a millisecond.
    /// </summary>
    public double StaleWhileRevalidate { get; init; }

    /// <summary>
    /// Seconds after the end of its lifetime during which a value is served to those whose load has failed; 0 (the default) for none.
    /// Otherwise at least a millisecond.
    /// </summary>
    public double StaleIfError { get; init; }

    /// <summary>
    /// The part of its lifetime, from 0 to 1, after which a hit starts a load in the background; 0 (the default) for no early load.
    /// </summary>
    public double RefreshAhead { get; init; }

    /// <summary>
    /// The part of its lifetime, from 0 to 1, by which a value may live shorter, at random, so that values that were loaded together
    /// do not expire together; 0 (the default) for none. No value ever lives longer.
    /// </summary>
    public double Jitter { get; init; }

    /// <summary>Seconds after which the callers of a load no longer wait for it; 0 (the default) for no limit. Otherwise at least a millisecond.</summary>
    public double Timeout { get; init; }

    /// <summary>Seconds for which the exception of a load is remembered; 0 (the default) for not at all. Otherwise at least a millisecond.</summary>
    public double ErrorTtl { get; init; }

    /// <summary>The lifetime of a result that is null, in place of <see cref="Ttl"/>; 0 (the default) for no difference. Otherwise at least a millisecond.</summary>
    public double NullTtl { get; init; }

    /// <summary>Whether a result that is null is remembered; the default is <see langword="true"/>.</summary>
    public bool CacheNull { get; init; } = true;

    /// <summary>
    /// The most that the entries of one cache may weigh together, a hard bound beside <see cref="MaxSize"/>; 0 (the default) for no
    /// bound by weight. What an entry weighs says <see cref="EntryTerms.Weight"/>.
    /// </summary>
    public long MaxBytes { get; init; }

    /// <summary>What <see cref="Jitter"/> draws from, 0 to 1; for tests.</summary>
    internal Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
