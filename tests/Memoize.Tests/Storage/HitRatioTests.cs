using Memoize.Storage;

namespace Memoize.Tests.Storage;

/// <summary>How much of a trace is answered. One request is one tick of the clock; the traces are fixed by their seeds.</summary>
public class HitRatioTests
{
    private const int Requests = 1_000_000;

    [Theory]
    [InlineData(1.0, 1_000, 2_000)]
    [InlineData(1.0, 1_000, 10_000)]
    [InlineData(1.0, 1_000, 50_000)]
    [InlineData(0.9, 1_000, 2_000)]
    [InlineData(0.9, 1_000, 10_000)]
    [InlineData(0.9, 1_000, 50_000)]
    [InlineData(1.0, 10_000, 20_000)]
    [InlineData(1.0, 10_000, 100_000)]
    [InlineData(1.0, 10_000, 500_000)]
    [InlineData(0.9, 10_000, 100_000)]
    [InlineData(0.9, 10_000, 500_000)]
    [InlineData(0.7, 1_000, 2_000)]
    [InlineData(1.0, 2_000, 4_000)]
    [InlineData(1.0, 5_000, 10_000)]
    [InlineData(0.8, 10_000, 20_000)]
    [InlineData(0.9, 10_000, 20_000)]
    [InlineData(1.0, 20_000, 40_000)]
    [InlineData(0.7, 20_000, 60_000)]
    [InlineData(0.9, 20_000, 100_000)]
    [InlineData(1.0, 20_000, 200_000)]
    public void Is_at_least_that_of_an_exact_LRU_with_a_lifetime(double exponent, int maxSize, int ttl)
    {
        var trace = Zipf.Trace(Requests, 100_000, exponent, seed: 42);

        var ours = Hits(trace, maxSize, ttl);

        Assert.InRange(ours, ExactLru(trace, maxSize, ttl), trace.Length);
    }

    [Theory]
    [InlineData(0.8, 20_000, 40_000)]
    [InlineData(0.9, 10_000, 20_000)]
    [InlineData(1.0, 2_000, 4_000)]
    [InlineData(1.0, 10_000, 30_000)]
    [InlineData(1.1, 1_000, 2_000)]
    public void Of_the_LFU_too(double exponent, int maxSize, int ttl)
    {
        var trace = Zipf.Trace(Requests, 100_000, exponent, seed: 42);

        var ours = Hits(trace, maxSize, ttl, Eviction.Lfu);

        Assert.InRange(ours, ExactLru(trace, maxSize, ttl), trace.Length);
    }

    // The lifetime of the options says nothing of how soon the entries expire.
    [Fact]
    public void Is_at_least_that_of_an_exact_LRU_where_all_entries_have_short_lifetimes_of_their_own()
    {
        var trace = Zipf.Trace(Requests, 100_000, 0.9, seed: 42);

        var ours = Hits(trace, 1_000, ttl: 1_000_000, own: new EntryTerms { Lifetime = TimeSpan.FromMilliseconds(2_000) });

        Assert.InRange(ours, ExactLru(trace, 1_000, 2_000), trace.Length);
    }

    [Fact]
    public void Is_at_least_that_of_an_exact_LRU_where_all_keys_fit()
    {
        var random = new Random(42);
        var trace = new int[Requests];
        foreach (ref var key in trace.AsSpan())
            key = random.Next(800);

        Assert.InRange(Hits(trace, 1_000, 2_000), ExactLru(trace, 1_000, 2_000), trace.Length);
    }

    [Fact]
    public void Without_a_lifetime_popular_keys_survive_better_than_in_an_exact_LRU()
    {
        var trace = Zipf.Trace(Requests, 100_000, 1.0, seed: 42);

        var ours = Hits(trace, 1_000, ttl: null);

        Assert.InRange(ours, ExactLru(trace, 1_000, int.MaxValue) + (Requests / 20), trace.Length);
    }

    [Theory]
    [InlineData(Eviction.Lru, 10)]
    [InlineData(Eviction.Lru, 100)]
    [InlineData(Eviction.Lru, 1_000)]
    [InlineData(Eviction.Lru, 10_000)]
    [InlineData(Eviction.Lfu, 10)]
    [InlineData(Eviction.Lfu, 100)]
    [InlineData(Eviction.Lfu, 1_000)]
    [InlineData(Eviction.Lfu, 10_000)]
    public void After_everything_has_expired_the_second_pass_over_half_the_size_hits_every_time(Eviction eviction, int size)
    {
        Assert.Equal([0, size / 2], HitsOfTwoPassesAfterTheEnd(eviction, size, firstKey: 0));
        Assert.Equal([0, size / 2], HitsOfTwoPassesAfterTheEnd(eviction, size, firstKey: 5 * size));
    }

    private static int[] HitsOfTwoPassesAfterTheEnd(Eviction eviction, int size, int firstKey)
    {
        var store = Stores.Of(eviction, size, ttl: 60);
        for (var pass = 0; pass < 3; pass++)
        {
            for (var key = 0; key < size; key++)
            {
                if (!store.Has(key))
                    store.Put(key, key);
            }
        }

        store.Advance(60_000);

        var hits = new int[2];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var key = firstKey; key < firstKey + (size / 2); key++)
            {
                if (store.Has(key))
                    hits[pass]++;
                else
                    store.Put(key, key);
            }
        }

        return hits;
    }

    private static int Hits(int[] trace, int maxSize, int? ttl, Eviction eviction = Eviction.Lru, EntryTerms own = default)
    {
        var time = new TimeWithoutTimers();
        var store = new EntryStore<int, int>(new CacheOptions { MaxSize = maxSize, Ttl = ttl / 1000.0 ?? 0, Eviction = eviction }, Clock.From(time), new StoreCounters());
        var hits = 0;
        foreach (var key in trace)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            if (store.TryGet(key, out _))
                hits++;
            else
                store.Put(key, key, own);
        }

        return hits;
    }

    private static int ExactLru(int[] trace, int maxSize, int ttl)
    {
        var order = new LinkedList<(int Key, long Deadline)>();
        var nodes = new Dictionary<int, LinkedListNode<(int Key, long Deadline)>>();
        var hits = 0;
        long now = 0;
        foreach (var key in trace)
        {
            now++;
            if (nodes.TryGetValue(key, out var node))
            {
                order.Remove(node);
                if (now < node.Value.Deadline)
                    hits++;
                else
                    node.Value = (key, now + ttl);
                order.AddFirst(node);
                continue;
            }

            if (nodes.Count == maxSize)
            {
                nodes.Remove(order.Last!.Value.Key);
                order.RemoveLast();
            }

            nodes[key] = order.AddFirst((key, now + ttl));
        }

        return hits;
    }
}
