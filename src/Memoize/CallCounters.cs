using Memoize.Storage;

namespace Memoize;

/// <summary>
/// The counters behind <see cref="CacheStatistics"/>. Hits and evictions are
/// counted by the store, striped; all others are counted where a call is slow anyway.
/// </summary>
internal sealed class CallCounters
{
    internal readonly StoreCounters Store = new();
    internal long Misses;
    internal long Loads;
    internal long LoadFailures;
    internal long LoadTicks;
    internal long NotStoredEvicted;
    internal long NotStoredCancelled;
    internal long NotStoredDisabled;
    internal long NotStoredFailed;
    internal long NotStoredByRule;
    internal long NotStoredNull;
    internal long NotStoredTooHeavy;
    internal long NotStoredTimedOut;
    internal long NotStoredAbsent;
    internal long BackgroundLoads;
    internal long BackgroundSkipped;
    internal long StaleOnFailure;
    internal long Timeouts;
    internal long Bypassed;

    internal CacheStatistics Snapshot(int count, long weight) => new()
    {
        Hits = Store.Hits,
        Misses = Volatile.Read(ref Misses),
        Loads = Volatile.Read(ref Loads),
        LoadFailures = Volatile.Read(ref LoadFailures),
        LoadTime = TimeSpan.FromTicks(Volatile.Read(ref LoadTicks)),
        EvictionsByCapacity = Store.EvictionsByCapacity,
        EvictionsByExpiry = Store.EvictionsByExpiry,
        EvictionsByRequest = Store.EvictionsByRequest,
        NotStoredEvicted = Volatile.Read(ref NotStoredEvicted),
        NotStoredCancelled = Volatile.Read(ref NotStoredCancelled),
        NotStoredDisabled = Volatile.Read(ref NotStoredDisabled),
        NotStoredFailed = Volatile.Read(ref NotStoredFailed),
        NotStoredByRule = Volatile.Read(ref NotStoredByRule),
        NotStoredNull = Volatile.Read(ref NotStoredNull),
        NotStoredTooHeavy = Volatile.Read(ref NotStoredTooHeavy),
        NotStoredTimedOut = Volatile.Read(ref NotStoredTimedOut),
        NotStoredAbsent = Volatile.Read(ref NotStoredAbsent),
        BackgroundLoads = Volatile.Read(ref BackgroundLoads),
        BackgroundSkipped = Volatile.Read(ref BackgroundSkipped),
        StaleOnFailure = Volatile.Read(ref StaleOnFailure),
        Timeouts = Volatile.Read(ref Timeouts),
        StaleHits = Store.StaleHits,
        ErrorHits = Store.ErrorHits,
        Bypassed = Volatile.Read(ref Bypassed),
        Count = count,
        Weight = weight,
    };
}
