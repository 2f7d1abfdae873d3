namespace Memoize.Tiers;

internal sealed class TierCounters
{
    internal long Hits;
    internal long Misses;
    internal long Stores;
    internal long Touches;
    internal long NotTouched;
    internal long Failures;
    internal long Timeouts;
    internal long Skipped;
    internal long NotShared;
    internal long NotAwaited;
    internal long Unreadable;
    internal long NotStoredEvicted;
    internal long NotStoredLeaseLost;
    internal long NotStoredFailed;
    internal long NotStoredUnserializable;
    internal long NotStoredTooLarge;

    internal void Count(StoreOutcome outcome)
    {
        switch (outcome)
        {
            case StoreOutcome.Stored:
                Interlocked.Increment(ref Stores);
                break;
            case StoreOutcome.LeaseEnded:
                Interlocked.Increment(ref NotStoredEvicted);
                break;
            case StoreOutcome.LeaseLost:
                Interlocked.Increment(ref NotStoredLeaseLost);
                break;
            case StoreOutcome.TooLarge:
                Interlocked.Increment(ref NotStoredTooLarge);
                break;
            default:
                Interlocked.Increment(ref NotStoredFailed);
                break;
        }
    }

    internal CacheTierStatistics Snapshot(int owed) => new()
    {
        Hits = Volatile.Read(ref Hits),
        Misses = Volatile.Read(ref Misses),
        Stores = Volatile.Read(ref Stores),
        Touches = Volatile.Read(ref Touches),
        NotTouched = Volatile.Read(ref NotTouched),
        Failures = Volatile.Read(ref Failures),
        Timeouts = Volatile.Read(ref Timeouts),
        Skipped = Volatile.Read(ref Skipped),
        NotShared = Volatile.Read(ref NotShared),
        NotAwaited = Volatile.Read(ref NotAwaited),
        Unreadable = Volatile.Read(ref Unreadable),
        NotStoredEvicted = Volatile.Read(ref NotStoredEvicted),
        NotStoredLeaseLost = Volatile.Read(ref NotStoredLeaseLost),
        NotStoredFailed = Volatile.Read(ref NotStoredFailed),
        NotStoredUnserializable = Volatile.Read(ref NotStoredUnserializable),
        NotStoredTooLarge = Volatile.Read(ref NotStoredTooLarge),
        Owed = owed,
    };
}
