using System.Diagnostics.Metrics;
using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Tests.Api;
using Memoize.Tests.Batches;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Observability;

[Collection(nameof(ProcessWide))]
public sealed class MemoMeterTests : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<Instrument> instruments = [];
    private readonly List<(string Instrument, double Value, Dictionary<string, object?> Tags)> measured = [];
    private readonly MethodCache<int, string> cache = TestCache.Of(new() { Ttl = 60 });
    private bool throws;

    public MemoMeterTests()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name != "Memoize")
                return;
            instruments.Add(instrument);
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (throws)
            throw new InvalidOperationException("A listener throws.");
        var all = new Dictionary<string, object?>(tags.ToArray());
        if (cache.Method.Name.Equals(all.GetValueOrDefault("memoize.method")))
            measured.Add((instrument.Name, value, all));
    }

    [Fact]
    public void Instruments_are_named_and_measured_as_OpenTelemetry_wants_it()
        => Assert.Equal(
            [
                "memoize.background_loads ObservableCounter`1 {load}",
                "memoize.background_skipped ObservableCounter`1 {load}",
                "memoize.bypassed ObservableCounter`1 {call}",
                "memoize.entries ObservableUpDownCounter`1 {entry}",
                "memoize.entries_weight ObservableUpDownCounter`1 By",
                "memoize.errors_served ObservableCounter`1 {call}",
                "memoize.evictions ObservableCounter`1 {entry}",
                "memoize.hits ObservableCounter`1 {hit}",
                "memoize.load.duration Histogram`1 s",
                "memoize.load_failures ObservableCounter`1 {load}",
                "memoize.load_timeouts ObservableCounter`1 {load}",
                "memoize.loads ObservableCounter`1 {load}",
                "memoize.misses ObservableCounter`1 {miss}",
                "memoize.not_stored ObservableCounter`1 {load}",
                "memoize.stale_served ObservableCounter`1 {call}",
                "memoize.tier.available ObservableUpDownCounter`1 {tier}",
                "memoize.tier.failures ObservableCounter`1 {operation}",
                "memoize.tier.hits ObservableCounter`1 {hit}",
                "memoize.tier.misses ObservableCounter`1 {miss}",
                "memoize.tier.not_stored ObservableCounter`1 {value}",
                "memoize.tier.not_touched ObservableCounter`1 {touch}",
                "memoize.tier.owed ObservableUpDownCounter`1 {eviction}",
                "memoize.tier.skipped ObservableCounter`1 {read}",
                "memoize.tier.stores ObservableCounter`1 {value}",
                "memoize.tier.timeouts ObservableCounter`1 {operation}",
                "memoize.tier.touches ObservableCounter`1 {touch}",
                "memoize.tier.unreadable ObservableCounter`1 {value}",
            ],
            instruments.Select(instrument => $"{instrument.Name} {instrument.GetType().Name} {instrument.Unit}").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_reason_for_not_storing_is_told()
    {
        var members = typeof(CacheStatistics).GetProperties().Where(property => property.CanWrite && property.Name.StartsWith("NotStored", StringComparison.Ordinal)).ToList();
        Assert.Equal(members.Count, MemoMeter.NotStored.Length);
        Assert.Equal(members.Count, MemoMeter.NotStored.Select(one => one.Reason).Distinct().Count());
        foreach (var member in members)
        {
            object statistics = default(CacheStatistics);
            member.SetValue(statistics, 3L);
            Assert.Equal([3], MemoMeter.NotStored.Select(one => one.Count((CacheStatistics)statistics)).Where(count => count > 0));
        }
    }

    [Fact]
    public void The_duration_is_in_seconds_and_has_the_result()
    {
        var time = new FakeTimeProvider();
        using var isolated = CacheIsolation.Begin(time);
        cache.Get(1, _ => Take(250, "value"));
        Assert.Throws<InvalidOperationException>(() => cache.Get(2, _ => throw new InvalidOperationException(Take(500, "failure"))));
        cache.Get(3, _ =>
        {
            cache.Evict(3);
            return Take(750, "value");
        });
        Assert.Equal(
            [(0.25, "stored"), (0.5, "failed"), (0.75, "not_stored")],
            measured.Select(one => (one.Value, (string)one.Tags["memoize.load.result"]!)));
        Assert.All(measured, one => Assert.Equal(["memoize.load.result", "memoize.method"], one.Tags.Keys.Order()));

        string Take(int milliseconds, string value)
        {
            time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return value;
        }
    }

    [Fact]
    public void An_isolated_flow_reads_its_own_numbers_and_the_process_its_own()
    {
        cache.Get(1, _ => "value");
        using (CacheIsolation.Begin(new FakeTimeProvider()))
        {
            cache.Get(1, _ => "value");
            cache.Get(1, _ => "value");
            cache.Get(2, _ => "value");
            Assert.Equal((2, 1, 2), Collected());
        }

        Assert.Equal((1, 0, 1), Collected());

        (double Misses, double Hits, double Entries) Collected()
        {
            measured.Clear();
            listener.RecordObservableInstruments();
            return (Of("memoize.misses"), Of("memoize.hits"), Of("memoize.entries"));
        }

        double Of(string instrument) => measured.Single(one => one.Instrument == instrument).Value;
    }

    [Fact]
    public void Methods_of_one_name_are_one_series()
    {
        var twin = new CachedMethod(cache.Method.Name, new()).CreateCache<int, string>();
        cache.Get(1, _ => "value");
        twin.Get(1, _ => "value");
        twin.Get(2, _ => "value");
        measured.Clear();
        listener.RecordObservableInstruments();
        Assert.Equal(3, measured.Single(one => one.Instrument == "memoize.misses").Value);
        GC.KeepAlive(twin);
    }

    [Fact]
    public async Task A_counter_never_falls()
    {
        // Who has waited for a batch that says nothing of its key asks again, and has been no miss.
        var seen = new List<double>();
        var waiting = Task.CompletedTask;
        new BatchCalls(cache).Get([-1], (ids, _) =>
        {
            using var outside = ExecutionContext.SuppressFlow();
            waiting = Concurrency.OnThread(() => cache.Get(-1, _ => throw new InvalidOperationException()));
            while (cache.Statistics.Misses < 2)
                Thread.Yield();
            Collect();
            cache.Set(-1, "meanwhile");
            return new Dictionary<int, string>();
        });
        await waiting.InTime();
        Collect();
        Assert.Equal(1, cache.Statistics.Misses);
        Assert.Equal([2, 2], seen);

        void Collect()
        {
            measured.Clear();
            listener.RecordObservableInstruments();
            seen.Add(measured.Single(one => one.Instrument == "memoize.misses").Value);
        }
    }

    [Fact]
    public void A_listener_that_throws_harms_no_call()
    {
        throws = true;
        Assert.Equal("value", cache.Get(1, _ => "value"));
        Assert.Equal("value", cache.Get(1, _ => "other"));
        throws = false;
    }
}
