using BitFaster.Caching.Counters;

namespace Memoize.Storage;

/// <summary>
/// What stores report about themselves. Exact, and striped, because counters in one cache line would make two threads slower than
/// one. Several stores may share one instance, one after the other or at the same time.
/// </summary>
internal sealed class StoreCounters
{
    private readonly Counter hits = new();
    private readonly Counter capacity = new();
    private readonly Counter expiry = new();
    private readonly Counter request = new();

    /// <summary>Lookups by <see cref="EntryStore{TKey, TValue}.TryGet"/> that were answered.</summary>
    public long Hits => this.hits.Count();

    /// <summary>Live entries that made room for others.</summary>
    public long EvictionsByCapacity => this.capacity.Count();

    /// <summary>Expired entries that were dropped or replaced.</summary>
    public long EvictionsByExpiry => this.expiry.Count();

    /// <summary>Entries that were removed because somebody asked for it.</summary>
    public long EvictionsByRequest => this.request.Count();

    public void Hit() => this.hits.Increment();

    public void EvictedByCapacity() => this.capacity.Increment();

    public void EvictedByExpiry() => this.expiry.Increment();

    public void EvictedByRequest(long count = 1) => this.request.Add(count);
}
