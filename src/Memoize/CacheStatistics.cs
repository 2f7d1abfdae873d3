namespace Memoize;

/// <summary>
/// What a cache, or all caches of a method, have done since the process started. An immutable snapshot: while calls are running,
/// its numbers may be of slightly different moments; when none is, they are exact.
/// </summary>
/// <remarks>
/// Every call that goes through the cache is either a hit or a miss. Every load that has ended was stored, or failed
/// (<see cref="LoadFailures"/>), or is counted in exactly one of the <c>NotStored</c> members.
/// </remarks>
public readonly record struct CacheStatistics
{
    /// <summary>Calls that were answered with a remembered value.</summary>
    public long Hits { get; init; }

    /// <summary>Calls that found nothing, and loaded or waited for a load.</summary>
    public long Misses { get; init; }

    /// <summary>How often the original method was started on behalf of the cache, refreshes included.</summary>
    public long Loads { get; init; }

    /// <summary>Loads that ended with an exception; those whose callers had all left are in <see cref="NotStoredCancelled"/> instead.</summary>
    public long LoadFailures { get; init; }

    /// <summary>The time that all ended loads took together.</summary>
    public TimeSpan LoadTime { get; init; }

    /// <summary>Entries that made room for others.</summary>
    public long EvictionsByCapacity { get; init; }

    /// <summary>Entries that were removed because their time was over.</summary>
    public long EvictionsByExpiry { get; init; }

    /// <summary>Entries that were removed by an eviction or a clear.</summary>
    public long EvictionsByRequest { get; init; }

    /// <summary>Loaded values that were not kept because their key was evicted, set or cleared during the load.</summary>
    public long NotStoredEvicted { get; init; }

    /// <summary>Loads whose outcome was not kept because all their callers had left by cancellation.</summary>
    public long NotStoredCancelled { get; init; }

    /// <summary>Loaded values that were not kept because <see cref="Memo.Enabled"/> was switched off during the load.</summary>
    public long NotStoredDisabled { get; init; }

    /// <summary>
    /// Loaded values that could not be kept, for instance because the equality of the key or a rule of the method threw; the callers
    /// got them all the same.
    /// </summary>
    public long NotStoredFailed { get; init; }

    /// <summary>Loaded values that were not kept because the method's own rule said so (<see cref="EntryTerms.Discard"/>, or a <see cref="EntryTerms.Lifetime"/> that is over at once).</summary>
    public long NotStoredByRule { get; init; }

    /// <summary>
    /// Calls that ran the original because <see cref="Memo.Enabled"/> was off, or because the method's own rule for its arguments
    /// (<c>When</c>) said so; they are neither hits nor misses.
    /// </summary>
    public long Bypassed { get; init; }

    /// <summary>The entries there are now.</summary>
    public int Count { get; init; }

    /// <summary>The share of calls that were hits, from 0 to 1; 0 when there has been no call.</summary>
    public double HitRatio => Hits + Misses == 0 ? 0 : (double)Hits / (Hits + Misses);

    /// <summary>All loads whose value was not kept, whatever the reason; failed loads, which have no value, are not among them.</summary>
    public long NotStored => NotStoredEvicted + NotStoredCancelled + NotStoredDisabled + NotStoredFailed + NotStoredByRule;

    /// <summary>The sum of two snapshots, member by member, as if both caches were one.</summary>
    /// <param name="left">One snapshot.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static CacheStatistics operator +(CacheStatistics left, CacheStatistics right) => new()
    {
        Hits = left.Hits + right.Hits,
        Misses = left.Misses + right.Misses,
        Loads = left.Loads + right.Loads,
        LoadFailures = left.LoadFailures + right.LoadFailures,
        LoadTime = left.LoadTime + right.LoadTime,
        EvictionsByCapacity = left.EvictionsByCapacity + right.EvictionsByCapacity,
        EvictionsByExpiry = left.EvictionsByExpiry + right.EvictionsByExpiry,
        EvictionsByRequest = left.EvictionsByRequest + right.EvictionsByRequest,
        NotStoredEvicted = left.NotStoredEvicted + right.NotStoredEvicted,
        NotStoredCancelled = left.NotStoredCancelled + right.NotStoredCancelled,
        NotStoredDisabled = left.NotStoredDisabled + right.NotStoredDisabled,
        NotStoredFailed = left.NotStoredFailed + right.NotStoredFailed,
        NotStoredByRule = left.NotStoredByRule + right.NotStoredByRule,
        Bypassed = left.Bypassed + right.Bypassed,
        Count = left.Count + right.Count,
    };

    /// <summary>The same as the operator, for languages without operators.</summary>
    /// <param name="left">One snapshot.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static CacheStatistics Add(CacheStatistics left, CacheStatistics right) => left + right;
}
