using Microsoft.Extensions.Caching.Memory;

namespace Memoize.Benchmarks;

/// <summary>A key that was never asked for: the load itself is nothing, so this is what the cache adds to it, eviction included.</summary>
internal static class Misses
{
    private const string Group = "miss, full cache";

    public static IEnumerable<Subject> All()
    {
        var catalog = new Catalog();
        var timed = HandWritten.Timed<int>();
        var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = 1000 });
        var next = 0;

        yield return new(Group, "FastConcurrentTLru.GetOrAdd", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += timed.GetOrAdd(next++, static id => new Item(id, "")).Id;
            return sum;
        });
        yield return new(Group, "IMemoryCache.GetOrCreate", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
            {
                sum += memory.GetOrCreate(next++, static entry =>
                {
                    entry.Size = 1;
                    entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(300);
                    return new Item((int)entry.Key, "");
                })!.Id;
            }

            return sum;
        });
        yield return new(Group, "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.Missing(next++).Id;
            return sum;
        });
    }
}
