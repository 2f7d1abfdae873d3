namespace Memoize.Tests.Storage;

public class LookingTests
{
    [Theory]
    [InlineData(Eviction.Lru, 3)]
    [InlineData(Eviction.Lfu, 3)]
    [InlineData(Eviction.Lfu, 4)]
    [InlineData(Eviction.Lfu, 5)]
    [InlineData(Eviction.Lru, 100)]
    [InlineData(Eviction.Lfu, 100)]
    public void What_is_looked_at_is_evicted_as_if_nobody_had_looked(Eviction eviction, int maxSize)
    {
        var looked = Stores.Of(eviction, maxSize);
        var left = Stores.Of(eviction, maxSize);
        var random = new Random(7);
        for (var step = 0; step < 5_000; step++)
        {
            var (key, used, seen) = (random.Next(4 * maxSize), random.Next(maxSize), random.Next(maxSize));
            foreach (var store in new[] { looked, left })
            {
                if (!store.Has(key))
                    store.Put(key, key);
                store.Has(used);
            }

            for (var look = 0; look < 3; look++)
                looked.Store.Peek(maxSize + seen, out _);
        }

        int[] Keys(TestStore<int, int> store) => [.. store.Store.Snapshot().Select(one => one.Key).Order()];
        Assert.Equal(Keys(left), Keys(looked));
        Assert.Equal(left.Counters.Hits, looked.Counters.Hits);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_look_finds_what_there_is_and_removes_nothing(Eviction eviction)
    {
        var store = Stores.Of<int, string?>(eviction, maxSize: 50);
        store.Put(1, "x");
        store.Put(2, null);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(store.Store.Peek(1, out var entry));
            Assert.Equal("x", entry.Value);
            Assert.True(store.Store.Peek(2, out entry));
            Assert.Null(entry.Value);
            Assert.False(store.Store.Peek(3, out _));
        }

        Assert.Equal(2, store.Count);
    }
}
