using System.Globalization;
using System.Text.Json.Serialization;

namespace Memoize.Dashboard;

/// <summary>What the page shows of all methods and tiers at one moment.</summary>
internal sealed record Snapshot(bool Enabled, bool ReadOnly, double Step, int Length, IReadOnlyList<MethodRow> Methods, IReadOnlyList<TierRow> Tiers)
{
    internal static Snapshot Take(History history, MemoizeDashboardOptions options)
        => new(
            Memo.Enabled, options.ReadOnly, History.Step.TotalSeconds, History.Length,
            [.. Memo.Caches.Select(method => MethodRow.Of(method, history))], [.. Memo.Tiers.Select(TierRow.Of)]);
}

/// <summary>A number and what it counts.</summary>
internal sealed record Reason(string Name, long Count)
{
    /// <summary>Those that there were.</summary>
    internal static Reason[] Some(params (string Name, long Count)[] reasons)
        => [.. reasons.Where(static one => one.Count > 0).Select(static one => new Reason(one.Name, one.Count))];
}

/// <summary>One method.</summary>
internal sealed record MethodRow(
    long Id, string Name, string Options, double?[] History, double? HitRatio, long Hits, long Misses, long Loads, double? LoadSeconds, double? SavedSeconds,
    int Entries, int MaxSize, long Weight, double MaxBytes, IReadOnlyList<Reason> Evictions, IReadOnlyList<Reason> NotStored, IReadOnlyList<Reason> Others)
{
    internal static MethodRow Of(CachedMethod method, History history)
    {
        var seen = method.Statistics;
        var ended = seen.Loads;
        var load = ended > 0 ? seen.LoadTime / ended : (TimeSpan?)null;
        return new(
            MethodIds.Of(method), method.Name, Describe(method.Options), history.Of(method),
            seen.Hits + seen.Misses > 0 ? seen.HitRatio : null, seen.Hits, seen.Misses, seen.Loads, load?.TotalSeconds, (load * seen.Hits)?.TotalSeconds,
            seen.Count, method.Options.MaxSize, seen.Weight, method.Options.MaxBytes,
            Reason.Some(("to make room", seen.EvictionsByCapacity), ("expired", seen.EvictionsByExpiry), ("by request", seen.EvictionsByRequest)),
            Reason.Some(
                ("the load failed", seen.LoadFailures), ("evicted during the load", seen.NotStoredEvicted), ("all callers left", seen.NotStoredCancelled),
                ("switched off", seen.NotStoredDisabled), ("could not be stored", seen.NotStoredFailed), ("a rule said no", seen.NotStoredByRule),
                ("null", seen.NotStoredNull), ("too heavy", seen.NotStoredTooHeavy), ("took too long", seen.NotStoredTimedOut), ("absent in a batch", seen.NotStoredAbsent)),
            Reason.Some(
                ("old values served", seen.StaleServed), ("remembered errors served", seen.ErrorHits), ("loads in the background", seen.BackgroundLoads),
                ("timeouts", seen.Timeouts), ("bypassed", seen.Bypassed)));
    }

    private static string Describe(CacheOptions options)
        => string.Join(", ", new[]
        {
            options.Ttl > 0 ? $"{options.Ttl:0.###} s" : "no time limit",
            options.Sliding > 0 ? $"{options.Sliding:0.###} s unread" : null,
            string.Create(CultureInfo.InvariantCulture, $"at most {options.MaxSize:N0} entries"),
            options.Eviction == Eviction.Lfu ? "LFU" : "LRU",
            options.Tiers is { Length: > 0 } tiers ? $"tiers {tiers}" : null,
        }.Where(static part => part is not null));
}

/// <summary>What <c>evict</c> is asked for.</summary>
internal sealed record EvictRequest(string? Key, string? Instance);

/// <summary>How many entries have left.</summary>
internal sealed record Changed(int Removed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(EntryPage))]
[JsonSerializable(typeof(EvictRequest))]
[JsonSerializable(typeof(Changed))]
internal sealed partial class DashboardJson : JsonSerializerContext;
