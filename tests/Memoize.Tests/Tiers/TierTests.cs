using Memoize.Tags;

namespace Memoize.Tests.Tiers;

/// <summary>What a method with tiers does with them, from the call to the bytes.</summary>
// Alone, because an eviction by a tag, which other tests make, asks something of every tier there is.
[Collection(nameof(Api.ProcessWide))]
public sealed class TierTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_process_has_loaded_another_finds(bool leases)
    {
        tiers.Add(leases ? new LeasingStore() : new TestStore(), out var name);
        var one = new TieredCache<string?>(name);
        var other = one.Another();

        Assert.Equal("first", await one.CallAsync("a", "first"));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        Assert.Equal("first", await other.CallAsync("a", "second"));
        Assert.Equal("first", other.Call("a", "third"));
        Assert.Equal(0, other.Runs);
        Assert.Equal(0, other.Cache.Statistics.Loads);
    }

    [Fact]
    public async Task A_synchronous_method_looks_in_the_tiers_too()
    {
        tiers.Add(new LeasingStore(), out var name);
        var one = new TieredCache<int>(name);
        Assert.Equal(1, one.Call("a", 1));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, one.Another().Call("a", 2));
    }

    [Fact]
    public async Task Null_is_a_result_like_any_other()
    {
        tiers.Add(new TestStore(), out var name);
        var one = new TieredCache<string?>(name);
        await one.CallAsync("a", (string?)null);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Null(await one.Another().CallAsync("a", "there"));
    }

    [Fact]
    public async Task The_key_in_the_store_can_be_read_by_people()
    {
        var store = new TestStore();
        tiers.Add(store, out var name);
        await new TieredCache<int>(name).CallAsync("home", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["memoize:Shop.Prices.Find(string)(id:\"home\")"], store.ValueKeys);
    }

    [Fact]
    public async Task What_a_far_tier_has_is_put_into_the_near_one()
    {
        var (near, far) = (new TestStore(), new TestStore());
        tiers.Add(far, out var farName);
        await new TieredCache<int>(farName).CallAsync("a", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        tiers.Add(near, out var nearName);
        var both = new TieredCache<int>(nearName + ", " + farName);
        Assert.Equal(1, await both.CallAsync("a", 2));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Single(near.ValueKeys);
        Assert.Equal(1, await new TieredCache<int>(nearName).CallAsync("a", 3));
    }

    [Fact]
    public async Task Memory_does_not_keep_longer_than_the_tier()
    {
        tiers.Add(new TestStore(), out var name);
        var one = new TieredCache<int>(name);
        var terms = new EntryRules<int> { Terms = static _ => new EntryTerms { Lifetime = TimeSpan.FromMilliseconds(300) } };
        await one.CallAsync("a", 1, terms);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        var other = one.Another();
        Assert.Equal(1, await other.CallAsync("a", 2));
        var entry = Assert.Single(other.Method.Entries(10));
        Assert.InRange(entry.Remaining!.Value, TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task An_eviction_reaches_the_tier_and_fences_the_load_under_way()
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<string>(name);
        var loaded = new TaskCompletionSource<string>();
        var call = one.CallAsync("a", () => loaded.Task);
        await one.Cache.EvictAsync("a");
        loaded.SetResult("old");

        Assert.Equal("old", await call);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Empty(store.ValueKeys);
        Assert.Equal(1, tier.Statistics.NotStoredEvicted);
        Assert.Equal("new", await one.CallAsync("a", "new"));
    }

    [Fact]
    public async Task An_eviction_in_one_process_fences_the_load_of_another_by_its_lease()
    {
        var store = new LeasingStore();
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<string>(name);
        var loaded = new TaskCompletionSource<string>();
        var call = one.CallAsync("a", () => loaded.Task);
        await one.Another().Cache.EvictAsync("a");
        loaded.SetResult("old");

        Assert.Equal("old", await call);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Empty(store.ValueKeys);
        Assert.Equal(1, tier.Statistics.NotStoredEvicted);
    }

    [Fact]
    public async Task Of_many_processes_one_loads()
    {
        tiers.Add(new LeasingStore(), out var name);
        var first = new TieredCache<int>(name);
        var processes = Enumerable.Range(0, 8).Select(_ => first.Another()).ToArray();
        var calls = processes.SelectMany((process, i) => Enumerable.Range(0, 4).Select(_ => process.CallAsync("a", async () =>
        {
            await Task.Yield();
            return i;
        }))).ToArray();
        var results = await Task.WhenAll(calls);
        Assert.Single(results.Distinct());
        Assert.Equal(1, processes.Sum(static process => process.Runs));
    }

    [Fact]
    public async Task A_cleared_method_finds_nothing_in_the_tier_and_other_methods_do()
    {
        var store = new TestStore();
        tiers.Add(store, out var name);
        var one = new TieredCache<int>(name);
        var neighbour = new TieredCache<int>(name, name: "Shop.Prices.Other(string)");
        await one.CallAsync("a", 1);
        await neighbour.CallAsync("a", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        await one.Method.ClearAsync();
        Assert.Equal(2, await one.Another().CallAsync("a", 2));
        Assert.Equal(1, await new TieredCache<int>(name, name: "Shop.Prices.Other(string)").CallAsync("a", 2));
    }

    [Fact]
    public async Task What_is_loaded_while_an_eviction_is_not_over_is_counted_as_not_stored()
    {
        var hangs = new TaskCompletionSource();
        var tier = tiers.Add(new TestStore { Gate = hangs.Task }, out var name);
        var one = new TieredCache<int>(name);
        var evicting = one.Cache.EvictAsync("a");
        await one.CallAsync("a", 1);
        var statistics = tier.Statistics;
        hangs.SetResult();
        await evicting;
        Assert.Equal((0, 1, 0), (statistics.Stores, statistics.NotStoredEvicted, statistics.NotStoredFailed));
    }

    [Fact]
    public async Task An_evicted_tag_reaches_the_tier_and_what_is_being_loaded()
    {
        tiers.Add(new TestStore(), out var name);
        var one = new TieredCache<int>(name);
        var tag = "user:" + Guid.NewGuid();
        var rules = new EntryRules<int> { Tags = [EntryTag.Of(tag)] };
        await one.CallAsync("a", 1, rules);
        var loaded = new TaskCompletionSource<int>();
        var other = one.Another();
        var call = other.CallAsync("b", () => loaded.Task, rules);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        await Memo.EvictTagAsync(tag);
        loaded.SetResult(1);
        await call;
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, await one.Another().CallAsync("a", 2, rules));
        Assert.Equal(2, await one.Another().CallAsync("b", 2, rules));
    }

    [Fact]
    public async Task A_set_value_is_what_others_find_and_the_result_of_a_write_is_not()
    {
        tiers.Add(new TestStore(), out var name);
        var one = new TieredCache<string>(name);
        await one.Cache.SetAsync("a", "set");
        Assert.Equal("set", await one.CallAsync("a", "loaded"));
        Assert.Equal("set", await one.Another().CallAsync("a", "loaded"));

        using (var update = new CacheUpdate([one.Method]))
            await one.Cache.SetAsync("a", "written", default, update);
        Assert.Equal("written", await one.CallAsync("a", "loaded"));
        Assert.Equal("loaded", await one.Another().CallAsync("a", "loaded"));
    }

    [Fact]
    public async Task A_result_of_another_shape_is_a_miss()
    {
        var tier = tiers.Add(new TestStore(), out var name);
        await new TieredCache<int>(name).CallAsync("a", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, await new TieredCache<int>(name, shape: 2).CallAsync("a", 2));
        Assert.Equal(1, tier.Statistics.Unreadable);
    }

    [Fact]
    public async Task A_failing_store_costs_nothing_but_the_load_and_comes_back()
    {
        var store = new TestStore { Failure = new InvalidOperationException("down") };
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<int>(name);
        Assert.Equal(1, await one.CallAsync("a", 1));
        Assert.False(tier.IsAvailable);
        Assert.Equal(1, tier.Statistics.Failures);

        store.Failure = null;
        await UntilAsync(async () =>
        {
            await one.CallAsync(Guid.NewGuid().ToString(), 1);
            return tier.IsAvailable;
        });
        await one.CallAsync("b", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await one.Another().CallAsync("b", 2));
    }

    [Fact]
    public async Task A_hanging_store_is_left_alone_after_its_time()
    {
        var never = new TaskCompletionSource();
        var store = new TestStore { Gate = never.Task };
        var tier = tiers.Add(store, out var name, new() { Timeout = 0.02, RetryAfter = 4 });
        var one = new TieredCache<int>(name);
        Assert.Equal(1, await one.CallAsync("a", 1));
        Assert.Equal(1, tier.Statistics.Timeouts);
        var before = store.Operations;
        Assert.Equal(1, await one.CallAsync("b", 1));
        Assert.Equal(before, store.Operations);
        never.SetResult();
    }

    [Fact]
    public async Task A_lease_that_comes_when_nobody_waits_for_it_any_more_is_given_back()
    {
        var late = new TaskCompletionSource();
        var store = new LeasingStore { Gate = late.Task };
        tiers.Add(store, out var name, new() { Timeout = 0.02, RetryAfter = 4, LeaseDuration = 3_600 });
        Assert.Equal(1, await new TieredCache<int>(name).CallAsync("a", 1));
        Assert.Equal(0, store.Given);
        late.SetResult();
        await UntilAsync(() => Task.FromResult(store.Given > 0 && store.Leases == 0));
    }

    [Fact]
    public async Task An_eviction_that_the_store_could_not_make_is_owed()
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<string>(name);
        await one.CallAsync("a", "old");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        store.Failure = new InvalidOperationException("down");
        await one.Cache.EvictAsync("a");
        Assert.Single(store.ValueKeys);
        store.Failure = null;
        Assert.Equal("new", await one.CallAsync("a", "new"));
        await UntilAsync(async () =>
        {
            await one.CallAsync(Guid.NewGuid().ToString(), "other");
            return tier.IsAvailable;
        });
        Assert.Equal(0, tier.Statistics.Owed);
        Assert.NotEqual("old", await one.Another().CallAsync("a", "new"));
    }

    [Fact]
    public async Task What_the_serializer_does_not_give_back_as_it_was_is_not_stored()
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<Lossy>(name);
        Assert.Equal(5, (await one.CallAsync("a", new Lossy(5))).Total);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Empty(store.ValueKeys);
        Assert.Equal(1, tier.Statistics.NotStoredUnserializable);
    }

    [Fact]
    public async Task A_derived_result_is_not_stored_as_less_than_it_is()
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<Animal>(name);
        await one.CallAsync("a", new Dog { Legs = 4, Sound = "wuff" });
        await one.CallAsync("b", new Animal { Legs = 2 });
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, tier.Statistics.NotStoredUnserializable);
        Assert.Equal(2, (await one.Another().CallAsync("b", new Animal())).Legs);
    }

    [Fact]
    public async Task A_bus_may_call_back_into_caches_while_it_begins()
    {
        var bus = new BusStore();
        TieredCache<int>? cache = null;

        // On another thread, which needs what the one that adds the tier might hold.
        bus.OnSubscribe = () => Assert.True(
            Task.Run(() => cache!.Call("during", 1)).Wait(TimeSpan.FromSeconds(30)), "Adding a tier and a call wait for each other.");
        tiers.Add(new TestStore(), out var first);
        cache = new TieredCache<int>(first);
        tiers.Add(bus, out _);
        Assert.Equal(1, await cache.CallAsync("during", 2));
    }

    [Fact]
    public async Task What_another_process_evicts_is_forgotten_and_so_is_all_when_messages_were_lost()
    {
        var bus = new BusStore();
        tiers.Add(bus, out var name);
        var one = new TieredCache<int>(name);
        await one.CallAsync("a", 1);
        await one.CallAsync("b", 1);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        bus.Values.Clear();

        await one.Cache.EvictAsync("c");

        // Tests beside this one evict tags, of which every bus is told.
        var sent = Assert.Single(bus.Sent, static message => message[17] == (byte)'K');
        bus.FromElsewhere(sent, TieredCache<int>.Name + "(id:\"a\")");
        Assert.Equal(2, await one.CallAsync("a", 2));
        Assert.Equal(1, await one.CallAsync("b", 2));

        bus.Values.Clear();
        bus.Interrupt();
        Assert.Equal(3, await one.CallAsync("b", 3));
    }

    [Fact]
    public async Task After_a_failure_what_a_tier_still_has_is_served()
    {
        tiers.Add(new TestStore(), out var name);
        var options = new CacheOptions { Ttl = 0.05, StaleIfError = 60, Tiers = name };
        var one = new TieredCache<string>("", options);
        await one.CallAsync("a", "old");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        var other = one.Another();
        var stored = DateTime.UtcNow;
        await UntilAsync(() => Task.FromResult(DateTime.UtcNow - stored > TimeSpan.FromSeconds(2 * options.Ttl)));
        Assert.Equal("old", await other.CallAsync("a", () => throw new InvalidOperationException("down")));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            await Task.Yield();
            Assert.True(DateTime.UtcNow < end, "It did not happen within 30 seconds.");
        }
    }

    private sealed class Lossy
    {
        public Lossy()
        {
        }

        internal Lossy(int total) => Total = total;

        // There is no way in: what is read is a new object with nothing in it.
        public int Total { get; }
    }

    private class Animal
    {
        public int Legs { get; init; }
    }

    private sealed class Dog : Animal
    {
        public string Sound { get; init; } = "";
    }
}
