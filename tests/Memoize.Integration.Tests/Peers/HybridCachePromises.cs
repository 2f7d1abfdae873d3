using Memoize.Integration.Library;
using Memoize.Tests.Tiers;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the documentation of HybridCache promises ("HybridCache library in ASP.NET Core"); its words stand above each test.</summary>
[Collection(nameof(Isolated))]
public sealed partial class HybridCachePromises
{
    // Only one concurrent caller for a given key calls the factory method, and all other callers wait for the result of that call.
    [Fact]
    public async Task One_caller_runs_the_factory()
    {
        using var bench = new Bench();
        var opened = new TaskCompletionSource();
        bench.Source.Gate = opened.Task;
        var calls = Enumerable.Range(0, 50).Select(_ => Hybrid.LoadAsync(1, 1, bench.Source)).ToArray();
        opened.SetResult();
        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("1/1#1", value));
    }

    // The CancellationToken represents the combined cancellation of all concurrent callers.
    [Fact]
    public async Task The_load_is_cancelled_when_all_callers_have_left()
    {
        using var bench = new Bench();
        using CancellationTokenSource one = new(), two = new();
        bench.Source.Gate = new TaskCompletionSource().Task;
        var first = Hybrid.LoadAsync(1, 1, bench.Source, one.Token);
        var second = Hybrid.LoadAsync(1, 1, bench.Source, two.Token);
        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        await two.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Bench.Until(() => HybridCache.LoadAsync.Statistics.NotStoredCancelled == 1);
    }

    // It retrieves the object from the primary cache, then from the secondary, then calls the factory, and stores in both.
    [Fact]
    public async Task Primary_then_secondary_then_the_factory()
    {
        using var tiered = new Tiered(new TestStore());
        Assert.Equal("a#1", await HybridLevels.LoadAsync("a", tiered.Source));
        await Memo.FlushTiersAsync();
        Assert.Equal("a#1", await HybridLevels.LoadAsync("a", tiered.Source));
        Assert.Equal(0, tiered.Tier.Statistics.Hits);
        Tiered.Restart();
        Assert.Equal("a#1", await HybridLevels.LoadAsync("a", tiered.Source));
        Assert.Equal(1, tiered.Tier.Statistics.Hits);
        Assert.Equal("a#1", await HybridLevels.LoadAsync("a", tiered.Source));
        Assert.Equal((1, 1L), (tiered.Source.Runs, tiered.Tier.Statistics.Hits));
    }

    // Even without an IDistributedCache, the service still provides in-process caching and stampede protection.
    [Fact]
    public async Task Without_a_second_level()
    {
        Assert.Empty(Memo.Tiers);
        var source = new Stock();
        var values = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => HybridLevels.LoadAsync("without", source)));
        Assert.All(values, value => Assert.Equal("without#1", value));
    }

    // The alternative overload might reduce some overhead from captured variables and per-instance callbacks.
    [Fact]
    public void State_without_a_closure()
    {
        var source = new Stock();
        Hybrid.Load(1, source);
        var allocated = long.MaxValue;
        for (var trial = 0; trial < 5 && allocated > 0; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                Hybrid.Load(1, source);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal((0L, 1), (allocated, source.Runs));
    }

    // $"order{customerId}{orderId}" could cause confusion between customerId 42 with orderId 123 and customerId 421 with orderId 23.
    [Fact]
    public async Task Keys_that_look_alike()
    {
        using var bench = new Bench();
        Assert.Equal("42/123#1", await Hybrid.LoadAsync(42, 123, bench.Source));
        Assert.Equal("421/23#2", await Hybrid.LoadAsync(421, 23, bench.Source));
    }

    // Keys can be restricted to valid maximum lengths, for instance 1024 characters.
    [Fact]
    public async Task A_maximum_key_length()
    {
        var store = new TestStore();
        using var tiered = new Tiered(store, new() { Timeout = 30, LongestKey = 100 });
        var text = new string('x', 5000);
        await HybridLevels.LoadAsync(text, tiered.Source);
        await Tiered.FlushAndRestart();
        await HybridLevels.LoadAsync(text, tiered.Source);
        Assert.InRange(Assert.Single(store.ValueKeys).Length, 1, 100);
        Assert.Equal(1, tiered.Source.Runs);
    }

    // A backend might use case-insensitive key logic: this is detected, to prevent confusion attacks.
    [Fact]
    public async Task A_store_that_confuses_keys()
    {
        var store = new Confused();
        using var tiered = new Tiered(store);
        Assert.Equal("a#1", await HybridLevels.LoadAsync("a", tiered.Source));
        await Tiered.FlushAndRestart();
        Assert.Equal("A#2", await HybridLevels.LoadAsync("A", tiered.Source));
    }

    // SetAsync stores an object in cache without trying to retrieve it first.
    [Fact]
    public void Set()
    {
        using var bench = new Bench();
        HybridCache.Load.Set(1, "mine");
        Assert.Equal(("mine", 0), (Hybrid.Load(1, bench.Source), bench.Source.Runs));
    }

    // When an entry is removed, it is removed from both the primary and secondary caches.
    [Fact]
    public async Task Remove_by_key_in_both_levels()
    {
        var store = new TestStore();
        using var tiered = new Tiered(store);
        await HybridLevels.LoadAsync("a", tiered.Source);
        await Memo.FlushTiersAsync();
        Assert.True(await HybridLevelsCache.LoadAsync.EvictAsync("a"));
        Assert.Empty(store.ValueKeys);
        Assert.Equal("a#2", await HybridLevels.LoadAsync("a", tiered.Source));
    }

    // Tags can be used to group cache entries and invalidate them together, in both levels.
    [Fact]
    public async Task Remove_by_tag_in_both_levels()
    {
        using var tiered = new Tiered(new TestStore());
        await HybridLevels.LoadAsync("a", tiered.Source);
        await HybridLevels.LoadAsync("b", tiered.Source);
        await Memo.FlushTiersAsync();
        Assert.Equal(2, await Memo.EvictTagAsync("peers-hybrid"));
        Tiered.Restart();
        Assert.Equal("a#3", await HybridLevels.LoadAsync("a", tiered.Source));
    }

    // RemoveByTagAsync("*") invalidates everything.
    [Fact]
    public void Remove_everything()
    {
        using var bench = new Bench();
        Hybrid.Load(1, bench.Source);
        Memo.ClearAll();
        Assert.Equal("1#2", Hybrid.Load(1, bench.Source));
    }

    // AddHybridCache can configure global defaults, and HybridCacheEntryOptions override them for a specific entry.
    [Fact]
    public void Defaults_and_options_that_override_them()
    {
        using var bench = new Bench();
        HybridDefaults.Usual(1, bench.Source);
        HybridDefaults.Special(1, bench.Source);
        bench.Pass(15);
        Assert.Equal(("1#3", "1#2"), (HybridDefaults.Usual(1, bench.Source), HybridDefaults.Special(1, bench.Source)));
    }

    // HybridCacheEntryFlags: neither read nor write, read only, no factory.
    [Fact]
    public void Flags()
    {
        using var bench = new Bench();
        Assert.False(HybridCache.Load.TryGet(1, out _));
        Assert.Equal("1#1", HybridCache.Load.Uncached(1, bench.Source));
        Assert.False(HybridCache.Load.TryGet(1, out _));
        Assert.Equal("1#2", HybridCache.Load.Refresh(1, bench.Source));
        Assert.Equal("1#3", HybridCache.Load.Refresh(1, bench.Source));
        Assert.Equal("1#3", Hybrid.Load(1, bench.Source));
        Memo.Enabled = false;
        Assert.Equal("1#4", Hybrid.Load(1, bench.Source));
    }

    // MaximumPayloadBytes: attempts to store values over this size are logged, and the value isn't stored in cache.
    [Fact]
    public void A_value_that_is_too_large()
    {
        using var bench = new Bench();
        using var lines = new LogLines();
        Assert.Equal(2000, Hybrid.Large(2000, bench.Source).Length);
        Assert.Equal(2000, Hybrid.Large(2000, bench.Source).Length);
        Assert.Equal(10, Hybrid.Large(10, bench.Source).Length);
        Assert.Equal(10, Hybrid.Large(10, bench.Source).Length);
        Assert.Equal((3, 2L), (bench.Source.Runs, HybridCache.Large.Statistics.NotStoredTooHeavy));
        Assert.Equal("NotStored", lines.Only.Name);
        Assert.Contains("too_heavy", lines.Only.Values);
    }

    // By default, string and byte[] are handled internally, and System.Text.Json is used for everything else.
    [Fact]
    public async Task Serializers_that_are_there()
    {
        using var tiered = new Tiered(new TestStore());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal([1, 2, 3], HybridLevels.Bytes(3, tiered.Source).ToArray());
            Assert.Equal(new Bill(7, "x"), HybridLevels.Bill(7, tiered.Source));
            Assert.Equal("s#3", await HybridLevels.LoadAsync("s", tiered.Source));
            await Tiered.FlushAndRestart();
        }

        Assert.Equal((3, 3L), (tiered.Source.Runs, tiered.Tier.Statistics.Hits));
    }

    // Type-specific serializers can be configured.
    [Fact]
    public async Task A_serializer_for_one_type()
    {
        using var tiered = new Tiered(new TestStore());
        var mine = new OfBills();
        tiered.Tier.Use(mine);
        Assert.Equal(new Bill(8, "x"), HybridLevels.Bill(8, tiered.Source));
        await Tiered.FlushAndRestart();
        Assert.Equal(new Bill(8, "x"), HybridLevels.Bill(8, tiered.Source));
        Assert.Equal(1, tiered.Source.Runs);
        Assert.True(mine.Written >= 1 && mine.Read >= 1);
    }

    // Optional APIs for IDistributedCache implementations avoid byte[] allocations (IBufferDistributedCache).
    [Fact]
    public async Task Stores_that_take_buffers()
    {
        var store = new LeasingStore();
        using var tiered = new Tiered(store);
        await HybridLevels.LoadAsync("a", tiered.Source);
        await Tiered.FlushAndRestart();
        await HybridLevels.LoadAsync("a", tiered.Source);
        Assert.Equal(1, tiered.Source.Runs);
    }
}
