using System.Diagnostics.Metrics;
using Memoize.Observability;
using Memoize.Tests.Api;
using Memoize.Tests.Tiers;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Observability;

/// <summary>What the meter and the traces say of tiers.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TierMeterTests : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly SortedDictionary<string, long> measured = new(StringComparer.Ordinal);
    private readonly TestTiers tiers = new();
    private readonly TestStore store = new();
    private readonly CacheTier tier;
    private readonly TieredCache<string> cache;

    public TierMeterTests()
    {
        tier = tiers.Add(store, out var name, new() { Timeout = 5, RetryAfter = 0.5, TimeProvider = new FakeTimeProvider() });
        cache = new(name);
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "Memoize")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(Take);
        listener.Start();
    }

    public void Dispose()
    {
        listener.Dispose();
        tiers.Dispose();
    }

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var all = new Dictionary<string, object?>(tags.ToArray());
        if (value != 0 && tier.Name.Equals(all.GetValueOrDefault("memoize.tier")))
            measured.Add(all.TryGetValue("memoize.reason", out var reason) ? $"{instrument.Name} {reason}" : instrument.Name, value);
    }

    private IEnumerable<string> Collect()
    {
        measured.Clear();
        listener.RecordObservableInstruments();
        return measured.Select(static one => $"{one.Key} = {one.Value}");
    }

    [Fact]
    public async Task What_a_tier_has_done_is_what_the_meter_says()
    {
        Assert.Equal(["memoize.tier.available = 1"], Collect());

        await cache.CallAsync("a", "first");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal("first", await cache.Another().CallAsync("a", "never"));
        Assert.Equal(["memoize.tier.available = 1", "memoize.tier.hits = 1", "memoize.tier.misses = 1", "memoize.tier.stores = 1"], Collect());

        store.Failure = new TimeoutException("down");
        await cache.CallAsync("b", "all the same");
        await cache.CallAsync("c", "all the same");
        await cache.Cache.EvictAsync("a");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "memoize.tier.failures = 1", "memoize.tier.hits = 1", "memoize.tier.misses = 1", "memoize.tier.not_stored failed = 2", "memoize.tier.owed = 1",
                "memoize.tier.skipped unavailable = 1", "memoize.tier.stores = 1", "memoize.tier.timeouts = 1",
            ],
            Collect());
    }

    [Fact]
    public void Every_counter_of_a_tier_is_measured()
    {
        var reasons = TierMeter.NotStored.Concat(TierMeter.Skipped).ToList();
        Assert.Equal(reasons.Count, reasons.Select(static one => one.Reason).Distinct().Count());
        foreach (var member in typeof(CacheTierStatistics).GetProperties().Where(static member => member.Name is not nameof(CacheTierStatistics.Owed)))
        {
            object statistics = default(CacheTierStatistics);
            member.SetValue(statistics, 3L);
            var isReason = member.Name is nameof(CacheTierStatistics.Skipped) || member.Name.StartsWith("Not", StringComparison.Ordinal) && member.Name is not nameof(CacheTierStatistics.NotTouched);
            Assert.Equal(isReason ? 1 : 0, reasons.Count(one => one.Count((CacheTierStatistics)statistics) == 3));
        }
    }

    [Fact]
    public async Task A_trace_says_which_tier_had_the_value()
    {
        await cache.CallAsync("a", "first");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        var other = cache.Another();
        using var traced = new Traced(other.Method);
        await other.CallAsync("a", "never");
        await other.CallAsync("b", "loaded");
        Assert.Equal(tier.Name, traced.Next().GetTagItem("memoize.tier"));
        Assert.Null(traced.Next().GetTagItem("memoize.tier"));
    }
}
