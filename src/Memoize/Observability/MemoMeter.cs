using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Memoize.Observability;

/// <summary>
/// The meter <c>Memoize</c>. All but one of its instruments are read from the counters that the caches keep anyway, and only when
/// somebody collects: a hit pays nothing for them, listened to or not.
/// </summary>
internal static class MemoMeter
{
    internal const string Name = "Memoize";
    internal const string MethodTag = "memoize.method";
    internal const string ReasonTag = "memoize.reason";
    internal const string ResultTag = "memoize.load.result";

    internal static readonly string? Version = typeof(MemoMeter).Assembly.GetName().Version?.ToString(3);

    /// <summary>The reasons of <c>memoize.not_stored</c>; together they are <see cref="CacheStatistics.NotStored"/>.</summary>
    internal static readonly (string Reason, Func<CacheStatistics, long> Count)[] NotStored =
    [
        (LoadResult.Evicted, static statistics => statistics.NotStoredEvicted),
        (LoadResult.Cancelled, static statistics => statistics.NotStoredCancelled),
        (LoadResult.Disabled, static statistics => statistics.NotStoredDisabled),
        (LoadResult.Unkeepable, static statistics => statistics.NotStoredFailed),
        (LoadResult.ByRule, static statistics => statistics.NotStoredByRule),
        (LoadResult.Null, static statistics => statistics.NotStoredNull),
        (LoadResult.TooHeavy, static statistics => statistics.NotStoredTooHeavy),
        (LoadResult.TimedOut, static statistics => statistics.NotStoredTimedOut),
        (LoadResult.Absent, static statistics => statistics.NotStoredAbsent),
    ];

    private static readonly (string Reason, Func<CacheStatistics, long> Count)[] Evictions =
    [
        ("capacity", static statistics => statistics.EvictionsByCapacity),
        ("expired", static statistics => statistics.EvictionsByExpiry),
        ("requested", static statistics => statistics.EvictionsByRequest),
    ];

    private static readonly (string Reason, Func<CacheStatistics, long> Count)[] Stale =
    [
        ("background_load", static statistics => statistics.StaleHits),
        ("failed_load", static statistics => statistics.StaleOnFailure),
    ];

    private static readonly EarlyLoads Early = new();
    private static Histogram<double>? loadDuration;
    private static int started;

    /// <summary>Publishes the instruments, once, and the source of activities. Listeners are called, so no lock may be held.</summary>
    internal static void Start()
    {
        LoadActivity.Start();
        if (Volatile.Read(ref started) != 0 || Interlocked.Exchange(ref started, 1) != 0)
            return;

        try
        {
            Publish(new Meter(Name, Version));
        }
        catch (Exception)
        {
            // A listener throws. It is not the caller of a cached method who can do something about that.
        }

        Early.Release(Record);
    }

    /// <summary>A load has ended, well or badly. No lock may be held.</summary>
    internal static void LoadEnded(CachedMethod method, string resultOrReason, TimeSpan took)
    {
        if (Volatile.Read(ref loadDuration) is { } duration ? !duration.Enabled : Early.TryKeep(method, resultOrReason, took))
            return;

        Record(method, resultOrReason, took);
    }

    private static void Record(CachedMethod method, string resultOrReason, TimeSpan took)
    {
        if (Volatile.Read(ref loadDuration) is not { } duration)
            return;

        try
        {
            duration.Record(took.TotalSeconds, new TagList { { MethodTag, method.Name }, { ResultTag, LoadResult.Of(resultOrReason) } });
        }
        catch (Exception)
        {
            // A listener throws.
        }
    }

    // Names and units as in the semantic conventions of OpenTelemetry.
    private static void Publish(Meter meter)
    {
        var methods = new Instruments<CachedMethod, CacheStatistics>(meter, MethodTag, static () => Memo.Caches, static method => method.Name, static method => method.Counts);
        methods.Count("memoize.hits", static statistics => statistics.Hits, "{hit}", "Calls that were answered from memory, without waiting.");
        methods.CountOf("memoize.misses", static method => method.MissesForMeter, "{miss}", "Calls that found nothing, and loaded or waited for a load.");
        methods.Count("memoize.bypassed", static statistics => statistics.Bypassed, "{call}", "Calls that ran the original, because remembering was off or a rule of the method said so.");
        methods.CountByReason("memoize.stale_served", Stale, "{call}", "Calls that were given a value past its lifetime.");
        methods.Count("memoize.errors_served", static statistics => statistics.ErrorHits, "{call}", "Calls that were given a remembered exception.");

        methods.Count("memoize.loads", static statistics => statistics.Loads, "{load}", "How often the original was started on behalf of the cache.");
        methods.Count("memoize.background_loads", static statistics => statistics.BackgroundLoads, "{load}", "Those of the loads that were started in the background, for a hit.");
        methods.Count("memoize.background_skipped", static statistics => statistics.BackgroundSkipped, "{load}", "Loads in the background that were due and did not run, because no scope could be opened for them.");
        methods.Count("memoize.load_failures", static statistics => statistics.LoadFailures, "{load}", "Loads that ended with an exception.");
        methods.Count("memoize.load_timeouts", static statistics => statistics.Timeouts, "{load}", "Loads whose callers were told that they took too long.");
        methods.CountByReason("memoize.not_stored", NotStored, "{load}", "Loads whose value was not kept.", onlyWhatHappened: true);

        methods.CountByReason("memoize.evictions", Evictions, "{entry}", "Entries that were removed.");
        methods.LevelOf("memoize.entries", static method => method.Count, "{entry}", "The entries there are now.");
        methods.LevelOf("memoize.entries_weight", static method => method.Options.MaxBytes > 0 ? method.Statistics.Weight : null, "By", "What the entries there are now weigh, where the method bounds that.");

        TierMeter.Publish(meter);
        Volatile.Write(ref loadDuration, Duration(meter));
    }

    private static Histogram<double> Duration(Meter meter)
    {
        const string Unit = "s", Description = "How long loads took; each key of a batch its part.";
#if NET9_0_OR_GREATER
        // What is worth remembering takes from fractions of a millisecond to seconds; the usual buckets are made for milliseconds.
        var advice = new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        };
        return meter.CreateHistogram("memoize.load.duration", Unit, Description, tags: null, advice);
#else
        return meter.CreateHistogram<double>("memoize.load.duration", Unit, Description);
#endif
    }
}
