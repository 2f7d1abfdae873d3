namespace Memoize.Tests.Storage;

/// <summary>Three and four entries are too few for the engine of larger ones, and the fewest uses decide all the same.</summary>
public class SmallLfuTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_used_often_survives_a_scan_that_flushes_an_LRU(int maxSize)
    {
        var lfu = Stores.Of(Eviction.Lfu, maxSize);
        var lru = Stores.Of(Eviction.Lru, maxSize);
        foreach (var store in new[] { lfu, lru })
        {
            store.Put(0, 0);
            for (var use = 0; use < 10; use++)
                store.Has(0);
            for (var key = 1; key < 30; key++)
                store.Put(key, key);
        }

        Assert.True(lfu.Has(0));
        Assert.False(lru.Has(0));
        Assert.Equal(maxSize, lfu.Count);
        Assert.Equal(30 - maxSize, lfu.Counters.EvictionsByCapacity);
    }

    [Fact]
    public void What_was_used_often_once_does_not_stay_for_ever()
    {
        var store = Stores.Of(Eviction.Lfu, maxSize: 3);
        store.Put(0, 0);
        for (var use = 0; use < 1000; use++)
            store.Has(0);
        for (var key = 1; key < 2_000; key++)
        {
            store.Put(key, key);
            store.Has(key);
        }

        Assert.False(store.Has(0));
    }

    [Fact]
    public void What_has_expired_leaves_first_however_often_it_was_used()
    {
        var store = Stores.Of(Eviction.Lfu, maxSize: 3, ttl: 1);
        store.Put(0, 0);
        for (var use = 0; use < 10; use++)
            store.Has(0);
        store.Advance(600);
        store.Put(1, 1);
        store.Put(2, 2);
        store.Advance(600);
        store.Put(3, 3);

        Assert.True(store.Has(1) && store.Has(2) && store.Has(3));
        Assert.Equal((1, 0), (store.Counters.EvictionsByExpiry, store.Counters.EvictionsByCapacity));
    }
}
