namespace Memoize.Benchmarks;

/// <summary>Hits with other keys, each beside the engine with the same key written by hand.</summary>
internal static class KeyHits
{
    public static IEnumerable<Subject> All()
    {
        var catalog = new Catalog();
        var ints = HandWritten.Timed<int>();
        var strings = HandWritten.Timed<string>();
        var threes = HandWritten.Timed<HandKey3>();
        var guids = HandWritten.Timed<Guid>();
        for (var i = 0; i < Keys.Count; i++)
        {
            var (id, region) = (Keys.Ids[i], Keys.StoredRegions[i]);
            ints.AddOrUpdate(id, catalog.ById(id));
            strings.AddOrUpdate(region, catalog.ByName(region));
            threes.AddOrUpdate(new(id, region, id), catalog.ByThree(id, region, id));
            guids.AddOrUpdate(Keys.Guids[i], catalog.ByGuid(Keys.Guids[i]));
            catalog.BySpan(region);
        }

        return Rows(catalog, ints, strings, threes, guids);
    }

    private static IEnumerable<Subject> Rows(
        Catalog catalog,
        BitFaster.Caching.Lru.FastConcurrentTLru<int, Item> ints,
        BitFaster.Caching.Lru.FastConcurrentTLru<string, Item> strings,
        BitFaster.Caching.Lru.FastConcurrentTLru<HandKey3, Item> threes,
        BitFaster.Caching.Lru.FastConcurrentTLru<Guid, Item> guids)
    {
        yield return new("hit int", "FastConcurrentTLru", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += ints.TryGet(Keys.Ids[i], out var item) ? item.Id : 0;
            return sum;
        });
        yield return new("hit int", "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.ById(Keys.Ids[i]).Id;
            return sum;
        });
        yield return new("hit string", "FastConcurrentTLru", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += strings.TryGet(Keys.Regions[i], out var item) ? item.Id : 0;
            return sum;
        });
        yield return new("hit string", "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.ByName(Keys.Regions[i]).Id;
            return sum;
        });
        yield return new("hit string", "Memoize, ReadOnlySpan<char>", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.BySpan(Keys.Regions[i].AsSpan()).Id;
            return sum;
        });
        yield return new("hit (int, string, long)", "FastConcurrentTLru", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += threes.TryGet(new(Keys.Ids[i], Keys.Regions[i], Keys.Ids[i]), out var item) ? item.Id : 0;
            return sum;
        });
        yield return new("hit (int, string, long)", "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.ByThree(Keys.Ids[i], Keys.Regions[i], Keys.Ids[i]).Id;
            return sum;
        });
        yield return new("hit Guid", "FastConcurrentTLru", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += guids.TryGet(Keys.Guids[i], out var item) ? item.Id : 0;
            return sum;
        });
        yield return new("hit Guid", "Memoize", () =>
        {
            var sum = 0;
            for (var i = 0; i < Keys.Count; i++)
                sum += catalog.ByGuid(Keys.Guids[i]).Id;
            return sum;
        });
    }
}
