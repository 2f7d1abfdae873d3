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
    /// <summary>
    /// Calls that were answered from memory, without waiting: with a remembered value, fresh or not (<see cref="StaleHits"/>), or with a
    /// remembered exception (<see cref="ErrorHits"/>).
    /// </summary>
    public long Hits { get; init; }

    /// <summary>Calls that found nothing, and loaded or waited for a load.</summary>
    public long Misses { get; init; }

    /// <summary>
    /// How often the original method was started on behalf of the cache, refreshes included. A batch counts once for each key that it
    /// loads.
    /// </summary>
    public long Loads { get; init; }

    /// <summary>
    /// Loads that ended with an exception, those in the background included. Where all callers had left, or had been told that it took
    /// too long, they are in <see cref="NotStoredCancelled"/> or <see cref="NotStoredTimedOut"/> instead.
    /// </summary>
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
    /// Loaded values that could not be kept, for instance because the equality of the key or a rule of the method threw, or because a
    /// member of the instance that is in the key was set while the load ran; the callers got them all the same.
    /// </summary>
    public long NotStoredFailed { get; init; }

    /// <summary>Loaded values that were not kept because the method's own rule said so (<see cref="EntryTerms.Discard"/>, or a <see cref="EntryTerms.Lifetime"/> that is over at once).</summary>
    public long NotStoredByRule { get; init; }

    /// <summary>Results that were null and not kept because <see cref="CacheOptions.CacheNull"/> is off.</summary>
    public long NotStoredNull { get; init; }

    /// <summary>Loaded values that alone weigh more than <see cref="CacheOptions.MaxBytes"/>.</summary>
    public long NotStoredTooHeavy { get; init; }

    /// <summary>Loads that ended, well or badly, after their callers had been told that they took too long; see <see cref="Timeouts"/>.</summary>
    public long NotStoredTimedOut { get; init; }

    /// <summary>Keys that a batch was asked to load and that are missing in what it returned.</summary>
    public long NotStoredAbsent { get; init; }

    /// <summary>Those of the <see cref="Hits"/> that got a value past its lifetime (<see cref="CacheOptions.StaleWhileRevalidate"/>, or shortly after a load has failed <see cref="CacheOptions.StaleIfError"/>).</summary>
    public long StaleHits { get; init; }

    /// <summary>Those of the <see cref="Hits"/> that got a remembered exception (<see cref="CacheOptions.ErrorTtl"/>).</summary>
    public long ErrorHits { get; init; }

    /// <summary>
    /// Those of the <see cref="Misses"/> that got the old value because the load that they waited for had failed
    /// (<see cref="CacheOptions.StaleIfError"/>).
    /// </summary>
    public long StaleOnFailure { get; init; }

    /// <summary>Those of the <see cref="Loads"/> that were started in the background, for a hit.</summary>
    public long BackgroundLoads { get; init; }

    /// <summary>
    /// Loads in the background that were due and did not run, because no scope could be opened for them: the container was disposed, or
    /// the instance of the scope gave another key. The old value went on. They are no <see cref="Loads"/>.
    /// </summary>
    public long BackgroundSkipped { get; init; }

    /// <summary>
    /// Loads whose callers were told that they took too long (<see cref="CacheOptions.Timeout"/>). When such a load ends at last, it
    /// is in <see cref="NotStoredTimedOut"/>.
    /// </summary>
    public long Timeouts { get; init; }

    /// <summary>
    /// Calls that ran the original because <see cref="Memo.Enabled"/> was off, or because the method's own rule for its arguments
    /// (<c>When</c>) said so; they are neither hits nor misses.
    /// </summary>
    public long Bypassed { get; init; }

    /// <summary>The entries there are now.</summary>
    public int Count { get; init; }

    /// <summary>What the entries there are now weigh together; 0 unless <see cref="CacheOptions.MaxBytes"/> bounds it.</summary>
    public long Weight { get; init; }

    /// <summary>All calls that got a value past its lifetime, at once or after a load had failed.</summary>
    public long StaleServed => StaleHits + StaleOnFailure;

    /// <summary>The share of calls that were hits, from 0 to 1; 0 when there has been no call.</summary>
    public double HitRatio => Hits + Misses == 0 ? 0 : (double)Hits / (Hits + Misses);

    /// <summary>All loads whose value was not kept, whatever the reason; failed loads, which have no value, are not among them.</summary>
    public long NotStored => NotStoredEvicted + NotStoredCancelled + NotStoredDisabled + NotStoredFailed
        + NotStoredByRule + NotStoredNull + NotStoredTooHeavy + NotStoredTimedOut + NotStoredAbsent;

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
        NotStoredNull = left.NotStoredNull + right.NotStoredNull,
        NotStoredTooHeavy = left.NotStoredTooHeavy + right.NotStoredTooHeavy,
        NotStoredTimedOut = left.NotStoredTimedOut + right.NotStoredTimedOut,
        NotStoredAbsent = left.NotStoredAbsent + right.NotStoredAbsent,
        StaleHits = left.StaleHits + right.StaleHits,
        ErrorHits = left.ErrorHits + right.ErrorHits,
        StaleOnFailure = left.StaleOnFailure + right.StaleOnFailure,
        BackgroundLoads = left.BackgroundLoads + right.BackgroundLoads,
        BackgroundSkipped = left.BackgroundSkipped + right.BackgroundSkipped,
        Timeouts = left.Timeouts + right.Timeouts,
        Bypassed = left.Bypassed + right.Bypassed,
        Count = left.Count + right.Count,
        Weight = left.Weight + right.Weight,
    };

    /// <summary>The same as the operator, for languages without operators.</summary>
    /// <param name="left">One snapshot.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static CacheStatistics Add(CacheStatistics left, CacheStatistics right) => left + right;
}
