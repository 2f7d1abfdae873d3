using Memoize.Isolation;

namespace Memoize.Integration.Tests.Observability;

/// <summary>The meter, from generated code to a listener.</summary>
[Collection(nameof(Isolated))]
public sealed class MeterTests
{
    [Fact]
    public void What_a_method_has_done_is_what_the_meter_says()
    {
        var shop = new MeteredShop();
        using var meter = new Metered(MeteredShopCache.Price);
        Assert.Equal(1, shop.Price(1));
        Assert.Equal(1, shop.Price(1));
        Assert.Equal(1, shop.Price(1));
        Assert.Throws<InvalidOperationException>(() => shop.Price(-1));
        foreach (var id in new[] { 2, 3, 4, 5 })
            shop.Price(id);
        MeteredShopCache.Price.Evict(5);
        shop.Price(100);

        Assert.Equal(
            [
                "memoize.bypassed = 1",
                "memoize.entries = 2",
                "memoize.evictions capacity = 2",
                "memoize.evictions requested = 1",
                "memoize.hits = 2",
                "memoize.load.duration failed = 1",
                "memoize.load.duration stored = 5",
                "memoize.load_failures = 1",
                "memoize.loads = 6",
                "memoize.misses = 6",
            ],
            meter.Collect());
        Assert.All(meter.Durations, seconds => Assert.InRange(seconds, 0, 60));
    }

    [Fact]
    public void A_value_that_is_not_stored_has_its_reason()
    {
        using var meter = new Metered(MeteredShopCache.Find);
        Assert.Null(MeteredShop.Find("nothing"));
        Assert.Equal("", MeteredShop.Find(""));
        Assert.Equal("evicted", MeteredShop.Find("evicted"));
        Assert.Equal(
            ["memoize.load.duration not_stored = 3", "memoize.loads = 3", "memoize.misses = 3", "memoize.not_stored evicted = 1", "memoize.not_stored null = 1", "memoize.not_stored rule = 1"],
            meter.Collect());
    }

    [Fact]
    public void The_caches_of_all_instances_are_one_method()
    {
        using var meter = new Metered(MeteredShopCache.Own);
        var shops = Enumerable.Range(0, 3).Select(_ => new MeteredShop()).ToList();
        foreach (var shop in shops.Concat(shops))
            shop.Own(1);
        Assert.Equal(
            ["memoize.entries = 3", "memoize.hits = 3", "memoize.load.duration stored = 3", "memoize.loads = 3", "memoize.misses = 3"],
            meter.Collect());
        GC.KeepAlive(shops);
    }

    [Fact]
    public void The_caches_of_all_decorators_are_one_method()
    {
        using var meter = new Metered(CounterCache.Count);
        ICounter[] counters = [new CachedCounter(new Counter()), new CachedCounter(new Counter())];
        foreach (var counter in counters.Concat(counters))
            counter.Count("a");
        Assert.Equal(
            ["memoize.entries = 2", "memoize.hits = 2", "memoize.load.duration stored = 2", "memoize.loads = 2", "memoize.misses = 2"],
            meter.Collect());
        GC.KeepAlive(counters);
    }

    [Fact]
    public async Task Background_loads_and_old_values_are_told_apart()
    {
        var time = new ManualTime();
        using var isolated = CacheIsolation.Begin(time);
        using var meter = new Metered(MeteredShopCache.StockAsync);
        MeteredShopCache.StockAsync.Set(1, 5);
        time.Now += TimeSpan.FromSeconds(61);
        var shop = new MeteredShop();
        Assert.Equal(5, await shop.StockAsync(1));
        await shop.Reloading.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["memoize.background_loads = 1", "memoize.entries = 1", "memoize.hits = 1", "memoize.loads = 1", "memoize.stale_served background_load = 1"],
            meter.Collect());
    }

    [Fact]
    public void A_hit_calls_no_listener_and_allocates_nothing()
    {
        using var meter = new Metered(MeteredShopCache.Rate);
        var shop = new MeteredShop();
        for (var i = 0; i < 1000; i++)
            shop.Rate(7);
        meter.Collect();

        var calls = meter.Calls;
        var allocated = long.MaxValue;
        for (var trial = 0; trial < 5 && allocated > 0; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                shop.Rate(7);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, allocated);
        Assert.Equal(calls, meter.Calls);
    }

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}

internal sealed class MeteredShop
{
    public TaskCompletionSource Reloading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Cached(MaxSize = 3, When = nameof(IsOrdinary))]
    public int Price(int id) => id > 0 ? id : throw new InvalidOperationException("There is no such product.");

    [Cached(Ttl = 300)]
    public int Rate(int id) => id;

    private static bool IsOrdinary(int id) => id < 100;

    [Cached(CacheNull = false, Unless = nameof(IsEmpty))]
    public static string? Find(string name)
    {
        if (name == "evicted")
            MeteredShopCache.Find.Evict(name);
        return name == "nothing" ? null : name;
    }

    private static bool IsEmpty(string? result) => result is "";

    [Cached(PerInstance = true)]
    public int Own(int id) => id;

    [Cached(Ttl = 60, StaleWhileRevalidate = 3600)]
    public Task<int> StockAsync(int id)
    {
        Reloading.TrySetResult();
        return new TaskCompletionSource<int>().Task;
    }
}

public interface ICounter
{
    [Cached]
    int Count(string text);
}

public sealed class Counter : ICounter
{
    public int Count(string text) => text.Length;
}
