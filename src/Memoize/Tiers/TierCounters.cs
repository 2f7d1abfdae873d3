namespace Memoize.Tiers;

internal sealed class TierCounters
{
    internal long Hits;
    internal long Misses;
    internal long Stores;
    internal long Failures;
    internal long Timeouts;
    internal long Skipped;
    internal long Unreadable;
    internal long NotStoredEvicted;
    internal long NotStoredFailed;
    internal long NotStoredUnserializable;

    internal CacheTierStatistics Snapshot(int owed) => new()
    {
        Hits = Volatile.Read(ref Hits),
        Misses = Volatile.Read(ref Misses),
        Stores = Volatile.Read(ref Stores),
        Failures = Volatile.Read(ref Failures),
        Timeouts = Volatile.Read(ref Timeouts),
        Skipped = Volatile.Read(ref Skipped),
        Unreadable = Volatile.Read(ref Unreadable),
        NotStoredEvicted = Volatile.Read(ref NotStoredEvicted),
        NotStoredFailed = Volatile.Read(ref NotStoredFailed),
        NotStoredUnserializable = Volatile.Read(ref NotStoredUnserializable),
        Owed = owed,
    };
}
