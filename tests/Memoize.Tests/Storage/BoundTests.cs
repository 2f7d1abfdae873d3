using Memoize.Storage;

namespace Memoize.Tests.Storage;

public class BoundTests
{
    public static TheoryData<Eviction, int> Sizes()
    {
        var data = new TheoryData<Eviction, int>();
        foreach (var eviction in Enum.GetValues<Eviction>())
        {
            foreach (var size in new[] { 3, 4, 5, 7, 10, 64, 100, 1000 })
                data.Add(eviction, size);
        }

        return data;
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Less_than_three_entries_are_refused(Eviction eviction)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Stores.Of(eviction, maxSize: 2));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Whatever_happens_the_count_is_what_can_be_found_and_within_the_bound(Eviction eviction, int maxSize)
    {
        var store = Stores.Of(eviction, maxSize, ttl: 0.050);
        var random = new Random(maxSize);
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(maxSize * 2);
            switch (random.Next(20))
            {
                case 0: store.Store.Remove(key); break;
                case 1: store.Store.TrimExpired(random.Next(maxSize)); break;
                case 2: store.Advance(random.Next(30)); break;
                case < 10: store.Has(key); break;
                default: store.Put(key, key); break;
            }

            Assert.InRange(store.Count, 0, maxSize);
        }

        var found = Enumerable.Range(0, maxSize * 2).Count(key => store.Store.Peek(key, out _));
        Assert.InRange(found, 0, store.Count);
        Assert.Equal(found, store.Store.Snapshot().Count());

        store.Advance(1000);
        store.Store.TrimExpired(int.MaxValue);
        store.Store.TrimExpired(int.MaxValue);
        Assert.Equal(0, store.Count);
    }

    [Theory]
    [InlineData(Eviction.Lru, 3)]
    [InlineData(Eviction.Lru, 50)]
    [InlineData(Eviction.Lru, 2000)]
    [InlineData(Eviction.Lfu, 3)]
    [InlineData(Eviction.Lfu, 50)]
    [InlineData(Eviction.Lfu, 2000)]
    public async Task No_observer_ever_sees_more_than_the_bound_while_threads_add(Eviction eviction, int maxSize)
    {
        const int Adds = 30_000;
        var store = new EntryStore<int, int>(
            new CacheOptions { Eviction = eviction, MaxSize = maxSize, Ttl = 300 }, Clock.System, new StoreCounters());
        using var start = new Barrier(5);
        var adding = 4;
        var adders = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                try
                {
                    var random = new Random(thread);
                    for (var i = 0; i < Adds; i++)
                    {
                        var key = random.Next(maxSize * 4);
                        if (!store.TryGet(key, out _))
                            store.Put(key, key);
                        if (i % 64 == 0)
                            store.Remove(random.Next(maxSize * 4));
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref adding);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        start.SignalAndWait();
        var most = 0;
        while (Volatile.Read(ref adding) > 0)
            most = Math.Max(most, store.Count);
        await Task.WhenAll(adders);

        // On a busy machine the observer may not have had a turn while they added.
        most = Math.Max(most, store.Count);
        Assert.InRange(most, 1, maxSize);
        Assert.Equal(store.Count, store.Snapshot().Count());
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_store_of_a_million_entries_fills_to_its_bound(Eviction eviction)
    {
        var store = Stores.Of(eviction, maxSize: 1_000_000, ttl: 300);
        for (var key = 0; key < 1_100_000; key++)
            store.Put(key, key);

        // The LRU keeps its bound to the last entry; so does the LFU.
        Assert.Equal(1_000_000, store.Count);
        Assert.Equal(100_000, store.Counters.EvictionsByCapacity);
    }
}
