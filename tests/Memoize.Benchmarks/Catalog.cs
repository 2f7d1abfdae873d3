using System.ComponentModel;

namespace Memoize.Benchmarks;

/// <summary>What the cached methods return. Sealed and immutable, as HybridCache wants it for sharing an instance.</summary>
[ImmutableObject(true)]
public sealed record Item(int Id, string Region);

/// <summary>The methods under test, as a user writes them.</summary>
public sealed partial class Catalog
{
    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item Find(int id, string region) => new(id, region);

    [Cached(Ttl = 300, MaxSize = 1000)]
    public partial Item FindPartial(int id, string region);

    private Item FindPartialCore(int id, string region) => new(id, region);

    [Cached(MaxSize = 1000)]
    public Item FindForever(int id, string region) => new(id, region);

    [Cached(Sliding = 60, Ttl = 300, MaxSize = 1000)]
    public Item FindSliding(int id, string region) => new(id, region);

    [Cached(Sliding = 60, Ttl = 300, MaxSize = 1000, Tiers = Hits.Tier)]
    public Item FindSlidingBefore(int id, string region) => new(id, region);

    [Cached(Ttl = 300, Sliding = 60, StaleWhileRevalidate = 60, MaxSize = 1000, Tags = new[] { "item:{id}", "region:{region}" })]
    public Item FindSoft(int id, string region) => new(id, region);

    [Cached(Ttl = 300, MaxSize = 1000, Eviction = Eviction.Lfu)]
    public Item FindFrequent(int id, string region) => new(id, region);

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Task<Item> FindTask(int id, string region) => Task.FromResult(new Item(id, region));

    [Cached(Ttl = 300, MaxSize = 1000)]
    public ValueTask<Item> FindValueTask(int id, string region) => new(new Item(id, region));

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item ById(int id) => new(id, "");

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item ByName(string name) => new(0, name);

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item ByThree(int id, string region, long version) => new(id, region);

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item ByGuid(Guid id) => new(0, "");

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item BySpan(ReadOnlySpan<char> name) => new(0, name.ToString());

    [Cached(Ttl = 300, MaxSize = 1000)]
    public Item Missing(int id) => new(id, "");
}
