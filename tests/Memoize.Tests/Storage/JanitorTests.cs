using System.Runtime.CompilerServices;
using Memoize.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Storage;

public class JanitorTests
{
    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void What_expired_in_an_idle_store_goes_and_the_timer_with_it(Eviction eviction)
    {
        var store = Stores.Of(eviction, ttl: 8, janitor: true);
        for (var key = 0; key < 50; key++)
            store.Put(key, key);
        Assert.True(store.Clock.Janitor.IsActive);

        store.Advance(7000);
        Assert.Equal(50, store.Count);
        store.Advance(4000);

        Assert.Equal(0, store.Count);
        Assert.Equal(50, store.Counters.EvictionsByExpiry);
        Assert.False(store.Clock.Janitor.IsActive);

        store.Put(1, 1);
        Assert.True(store.Has(1));
        Assert.True(store.Clock.Janitor.IsActive);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_trim_looks_at_no_more_than_its_budget_and_goes_on_where_it_stopped(Eviction eviction)
    {
        var store = Stores.Of(eviction, maxSize: 1000, ttl: 1);
        for (var key = 0; key < 1000; key++)
            store.Put(key, key);
        store.Advance(1000);

        Assert.Equal(300, store.Store.TrimExpired(300));
        Assert.Equal(700, store.Count);
        Assert.Equal(300, store.Store.TrimExpired(300));
        Assert.Equal(400, store.Store.TrimExpired(500));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void What_was_trimmed_makes_room_that_can_be_used()
    {
        var store = Stores.Of(maxSize: 100, ttl: 1);
        for (var key = 0; key < 100; key++)
            store.Put(key, key);
        store.Advance(500);
        for (var key = 0; key < 10; key++)
            store.Put(key, key);
        store.Advance(500);
        store.Store.TrimExpired(int.MaxValue);
        Assert.Equal(10, store.Count);

        for (var key = 1000; key < 1090; key++)
            store.Put(key, key);

        Assert.Equal(100, store.Store.Snapshot().Count());
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Values_that_left_are_not_held(Eviction eviction)
    {
        var store = Stores.Of<int, object>(eviction, maxSize: 100, ttl: 1);
        store.Put(0, new object());
        var (trimmed, removed, replaced) = (Fill(store, 1), Fill(store, 2), Fill(store, 3));
        store.Advance(500);
        store.Put(0, new object());
        store.Store.Remove(2);
        store.Put(3, new object());
        store.Advance(500);
        store.Store.TrimExpired(int.MaxValue);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal((false, false, false), (trimmed.IsAlive, removed.IsAlive, replaced.IsAlive));
        Assert.Equal(2, store.Count);
        GC.KeepAlive(store);
    }

    [Fact]
    public void A_store_that_nobody_uses_any_more_is_collected_and_the_timer_ends()
    {
        var time = new FakeTimeProvider();
        var clock = Clock.From(time);
        var abandoned = Abandon(clock);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(abandoned.IsAlive);
        Assert.True(clock.Janitor.IsActive);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(clock.Janitor.IsActive);
    }

    [Fact]
    public void The_shortest_lifetime_sets_the_pace()
    {
        var time = new FakeTimeProvider();
        var clock = Clock.From(time);
        var slow = new EntryStore<int, int>(new CacheOptions { Ttl = 3600 }, clock, new StoreCounters());
        var fast = new EntryStore<int, int>(new CacheOptions { Ttl = 4 }, clock, new StoreCounters());
        slow.Put(1, 1);
        fast.Put(1, 1);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, fast.Count);
        Assert.Equal(1, slow.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Fill(TestStore<int, object> store, int key)
    {
        var value = new object();
        store.Put(key, value);
        return new WeakReference(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Abandon(Clock clock)
    {
        var store = new EntryStore<int, int>(new CacheOptions { Ttl = 300 }, clock, new StoreCounters());
        store.Put(1, 1);
        return new WeakReference(store);
    }
}
