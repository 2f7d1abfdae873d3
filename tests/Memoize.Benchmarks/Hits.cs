using System.Collections.Concurrent;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace Memoize.Benchmarks;

/// <summary>Hits with the key (int, string), ours and everybody else's. Each loop is written out: a delegate per call would be measured too.</summary>
internal static class Hits
{
    public const string Group = "hit (int, string)";

    /// <summary>A tier that hits in memory do not ask, and whose entries they keep alive.</summary>
    public const string Tier = "behind";

    public static IEnumerable<Subject> All() => [.. Engines(), .. Ours(), .. Competitors()];

    private static IEnumerable<Subject> Engines()
    {
        var dictionary = new ConcurrentDictionary<HandKey, Item>();
        var timed = HandWritten.Timed<HandKey>();
        var forever = HandWritten.Forever<HandKey>();
        var tuned = HandWritten.Timed<TunedKey>();
        for (var i = 0; i < Keys.Count; i++)
        {
            var key = new HandKey(Keys.Ids[i], Keys.StoredRegions[i]);
            var item = new Item(Keys.Ids[i], Keys.StoredRegions[i]);
            dictionary[key] = item;
            timed.AddOrUpdate(key, item);
            tuned.AddOrUpdate(new(Keys.Ids[i], Keys.StoredRegions[i]), item);
            forever.AddOrUpdate(key, item);
        }

        yield return new(Group, "ConcurrentDictionary, hand-written key", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += dictionary.TryGetValue(new HandKey(Keys.Ids[i], Keys.Regions[i]), out var item) ? item.Id : 0;
            return sum;
        });
        yield return new(Group, "FastConcurrentLru, hand-written key", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += forever.TryGet(new HandKey(Keys.Ids[i], Keys.Regions[i]), out var item) ? item.Id : 0;
            return sum;
        });
        yield return new(Group, "FastConcurrentTLru, hand-written key", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += timed.TryGet(new HandKey(Keys.Ids[i], Keys.Regions[i]), out var item) ? item.Id : 0;
            return sum;
        });
        yield return new(Group, "FastConcurrentTLru, key as Memoize generates it", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += tuned.TryGet(new TunedKey(Keys.Ids[i], Keys.Regions[i]), out var item) ? item.Id : 0;
            return sum;
        });
    }

    private static IEnumerable<Subject> Ours()
    {
        var catalog = new Catalog();
        Memo.RemoveTier(Tier);
        Memo.AddTier(Tier, new MemoryCacheStore(new MemoryCache(new MemoryCacheOptions())));
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, region) = (Keys.Ids[i], Keys.StoredRegions[i]);
            catalog.Find(id, region);
            catalog.FindPartial(id, region);
            catalog.FindForever(id, region);
            catalog.FindSliding(id, region);
            catalog.FindSlidingBefore(id, region);
            catalog.FindSoft(id, region);
            catalog.FindFrequent(id, region);
            catalog.FindTask(id, region).GetAwaiter().GetResult();
            catalog.FindValueTask(id, region).AsTask().GetAwaiter().GetResult();
        }

        yield return new(Group, "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.Find(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, partial", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindPartial(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, no Ttl", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindForever(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, Sliding", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindSliding(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, Sliding before a tier", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindSlidingBefore(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, stale + sliding + tags", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindSoft(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, Lfu", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.FindFrequent(Keys.Ids[i], Keys.Regions[i]).Id;
            return sum;
        });
        yield return new(Group, "Memoize, called by an async method", () => CallFromAsync(catalog).GetAwaiter().GetResult());
        yield return new(Group, "Memoize, Task<T>", () => Await(catalog).GetAwaiter().GetResult());
        yield return new(Group, "Memoize, ValueTask<T>", () => AwaitValue(catalog).GetAwaiter().GetResult());
    }

    // The loop of the two below without their tasks: what the caller's own state machine costs is not ours.
    private static async Task<int> CallFromAsync(Catalog catalog)
    {
        var sum = 0;
        for (var i = 0; i < Keys.Count; i++)
            sum += catalog.Find(Keys.Ids[i], Keys.Regions[i]).Id;
        await Task.CompletedTask;
        return sum;
    }

    private static async Task<int> Await(Catalog catalog)
    {
        var sum = 0;
        for (var i = 0; i < Keys.Count; i++)
            sum += (await catalog.FindTask(Keys.Ids[i], Keys.Regions[i])).Id;
        return sum;
    }

    private static async Task<int> AwaitValue(Catalog catalog)
    {
        var sum = 0;
        for (var i = 0; i < Keys.Count; i++)
            sum += (await catalog.FindValueTask(Keys.Ids[i], Keys.Regions[i])).Id;
        return sum;
    }

    // As their documentation recommends for a method of two arguments: an interpolated string.
    private static IEnumerable<Subject> Competitors()
    {
        var memory = new MemoryCache(new MemoryCacheOptions());
        var services = new ServiceCollection();
        services.AddHybridCache();
        var hybrid = services.BuildServiceProvider().GetRequiredService<HybridCache>();
        var fusion = new FusionCache(new FusionCacheOptions());
        var lifetime = TimeSpan.FromSeconds(300);

        yield return new(Group, "IMemoryCache, interpolated key", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
            {
                var (id, region) = (Keys.Ids[i], Keys.Regions[i]);
                if (!memory.TryGetValue($"item:{id}:{region}", out Item? item))
                    memory.Set($"item:{id}:{region}", item = new Item(id, region), lifetime);
                sum += item!.Id;
            }

            return sum;
        });
        yield return new(Group, "HybridCache, interpolated key", () => AwaitHybrid(hybrid).GetAwaiter().GetResult());
        yield return new(Group, "HybridCache, interpolated key and a state", () => AwaitHybridWithState(hybrid).GetAwaiter().GetResult());
        yield return new(Group, "FusionCache, interpolated key", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
            {
                var (id, region) = (Keys.Ids[i], Keys.Regions[i]);
                sum += fusion.GetOrSet($"item:{id}:{region}", _ => new Item(id, region), lifetime).Id;
            }

            return sum;
        });
    }

    // "The stateless overload of GetOrCreateAsync is recommended for most scenarios", says its documentation.
    private static async Task<int> AwaitHybrid(HybridCache hybrid)
    {
        var sum = 0;
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, region) = (Keys.Ids[i], Keys.Regions[i]);
            var item = await hybrid.GetOrCreateAsync($"item:{id}:{region}", _ => new ValueTask<Item>(new Item(id, region)));
            sum += item.Id;
        }

        return sum;
    }

    // The other overload saves the closure, for those who need it.
    private static async Task<int> AwaitHybridWithState(HybridCache hybrid)
    {
        var sum = 0;
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, region) = (Keys.Ids[i], Keys.Regions[i]);
            var item = await hybrid.GetOrCreateAsync(
                $"item:{id}:{region}", (id, region), static (state, _) => new ValueTask<Item>(new Item(state.id, state.region)));
            sum += item.Id;
        }

        return sum;
    }
}
