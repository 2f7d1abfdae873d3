using Memoize.Tiers;

namespace Memoize.Dashboard;

/// <summary>One tier, as it is shown.</summary>
internal sealed record TierRow(
    string Name, string Store, string Prefix, bool IsAvailable, double? HitRatio, long Hits, long Misses, long Stores, long Failures, int Owed,
    IReadOnlyList<Reason> NotStored, IReadOnlyList<Reason> Others)
{
    internal static TierRow Of(CacheTier tier)
    {
        var seen = tier.Statistics;
        var reads = seen.Hits + seen.Misses;
        return new(
            tier.Name, tier.Store.GetType().Name, tier.Prefix, tier.IsAvailable, reads > 0 ? (double)seen.Hits / reads : null, seen.Hits, seen.Misses, seen.Stores,
            seen.Failures, seen.Owed,
            Reason.Some(
                ("evicted during the load", seen.NotStoredEvicted), ("the lease was lost", seen.NotStoredLeaseLost), ("the store failed", seen.NotStoredFailed),
                ("cannot be serialized", seen.NotStoredUnserializable), ("too large", seen.NotStoredTooLarge)),
            Reason.Some(
                ("timeouts", seen.Timeouts), ("reads left out while it did not answer", seen.Skipped), ("reads left out, for it cannot be told whose they are", seen.NotShared),
                ("reads not waited for", seen.NotAwaited), ("unreadable values", seen.Unreadable)));
    }
}
