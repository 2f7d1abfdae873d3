using System.Diagnostics.Metrics;
using Memoize.Tiers;

namespace Memoize.Observability;

/// <summary>The instruments of the meter <c>Memoize</c> that tell of tiers. Like those of methods they are read from counters that are kept anyway.</summary>
internal static class TierMeter
{
    internal const string TierTag = "memoize.tier";

    /// <summary>The reasons of <c>memoize.tier.skipped</c>.</summary>
    internal static readonly (string Reason, Func<CacheTierStatistics, long> Count)[] Skipped =
    [
        ("unavailable", static statistics => statistics.Skipped),
        ("not_shared", static statistics => statistics.NotShared),
        ("not_awaited", static statistics => statistics.NotAwaited),
    ];

    /// <summary>The reasons of <c>memoize.tier.not_stored</c>.</summary>
    internal static readonly (string Reason, Func<CacheTierStatistics, long> Count)[] NotStored =
    [
        (LoadResult.Evicted, static statistics => statistics.NotStoredEvicted),
        (LeaseLost, static statistics => statistics.NotStoredLeaseLost),
        (LoadResult.Failed, static statistics => statistics.NotStoredFailed),
        ("unserializable", static statistics => statistics.NotStoredUnserializable),
        (TooLarge, static statistics => statistics.NotStoredTooLarge),
    ];

    internal const string LeaseLost = "lease_lost";
    internal const string TooLarge = "too_large";

    internal static void Publish(Meter meter)
    {
        var tiers = new Instruments<CacheTier, CacheTierStatistics>(meter, TierTag, static () => Memo.Tiers, static tier => tier.Name, static tier => tier.Statistics);
        tiers.Count("memoize.tier.hits", static statistics => statistics.Hits, "{hit}", "Values that a tier had.");
        tiers.Count("memoize.tier.misses", static statistics => statistics.Misses, "{miss}", "Reads that found nothing of use in a tier.");
        tiers.CountByReason("memoize.tier.skipped", Skipped, "{read}", "Reads that did not take place.", onlyWhatHappened: true);
        tiers.Count("memoize.tier.unreadable", static statistics => statistics.Unreadable, "{value}", "Values of another version, of another shape, damaged or foreign: misses.");
        tiers.Count("memoize.tier.stores", static statistics => statistics.Stores, "{value}", "Values that were written.");
        tiers.CountByReason("memoize.tier.not_stored", NotStored, "{value}", "Values that were not written.", onlyWhatHappened: true);
        tiers.Count("memoize.tier.touches", static statistics => statistics.Touches, "{touch}", "Sliding lifetimes that were begun anew, because the entry was used nearer to its callers.");
        tiers.Count("memoize.tier.not_touched", static statistics => statistics.NotTouched, "{touch}", "Those of them that did not take place.");
        tiers.Count("memoize.tier.failures", static statistics => statistics.Failures, "{operation}", "Operations that failed, those that took too long included.");
        tiers.Count("memoize.tier.timeouts", static statistics => statistics.Timeouts, "{operation}", "Operations that nobody waited for any longer.");
        tiers.LevelOf("memoize.tier.owed", static tier => tier.Statistics.Owed, "{eviction}", "Evictions that the store has not confirmed yet.");
        tiers.LevelOf("memoize.tier.available", static tier => tier.IsAvailable ? 1 : 0, "{tier}", "Whether the store answers, as far as is known: 1 or 0.");
    }
}
