using Memoize.Storage;

namespace Memoize.Benchmarks;

/// <summary>What an entry costs beside its key's own objects and its value, which are shared by all here.</summary>
internal static class Memory
{
    private static readonly Item Value = new(0, "");

    public static IEnumerable<(string Name, int Entries, double Bytes)> Measure()
    {
        foreach (var entries in new[] { 100_000, 1_000_000 })
        {
            yield return ("FastConcurrentTLru, int", entries, Fill(entries, () => HandWritten.Timed<int>(entries), (cache, i) => cache.AddOrUpdate(i, Value)));
            yield return ("Memoize, int", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, int, Task<T>", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, tasks: true), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, int, Task<T>, each asked for", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, tasks: true), Ask));
            yield return ("Memoize, int, Sliding", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, sliding: 60), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, int, StaleWhileRevalidate", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, stale: 60), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, int, Sliding, StaleWhileRevalidate, Task<T>", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, sliding: 60, stale: 60, tasks: true), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, int, MaxBytes", entries, Fill(entries, () => Store<int>(entries, Eviction.Lru, weighed: true), (store, i) => store.Put(i, Value)));
            yield return ("Memoize, (int, string)", entries, Fill(entries, () => Store<HandKey>(entries, Eviction.Lru), (store, i) => store.Put(new(i, ""), Value)));
            yield return ("Memoize, (int, string), Lfu", entries, Fill(entries, () => Store<HandKey>(entries, Eviction.Lfu), (store, i) => store.Put(new(i, ""), Value)));
        }
    }

    // The first hit makes the task that every further hit returns.
    private static void Ask(EntryStore<int, Item> store, int key)
    {
        store.Put(key, Value);
        store.TryGetTask(key, out _);
    }

    private static EntryStore<TKey, Item> Store<TKey>(int entries, Eviction eviction, double sliding = 0, double stale = 0, bool weighed = false, bool tasks = false)
        where TKey : notnull
        => new(
            new CacheOptions { MaxSize = entries, MaxBytes = weighed ? entries : 0, Ttl = 300, Sliding = sliding, StaleWhileRevalidate = stale, Eviction = eviction },
            Clock.System,
            new StoreCounters(),
            tasks);

    private static double Fill<TCache>(int entries, Func<TCache> make, Action<TCache, int> add)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cache = make();
        for (var i = 0; i < entries; i++)
            add(cache, i);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(cache);
        return (after - before) / (double)entries;
    }
}
