using System.Runtime.CompilerServices;

namespace Memoize.Storage;

/// <summary>
/// What stores report about themselves, exactly. Several stores may share one instance, one after the other or at the same time.
/// </summary>
internal sealed class StoreCounters
{
    // Hits come from all sides, and counters in one cache line would make two threads slower than one.
    private readonly StripedCounter hits = new();
    private long capacity;
    private long expiry;
    private long request;
    private long staleHits;
    private long errorHits;

    /// <summary>Lookups by <see cref="EntryStore{TKey, TValue}.TryGet"/> that were answered.</summary>
    public long Hits => hits.Value;

    /// <summary>Live entries that made room for others.</summary>
    public long EvictionsByCapacity => Volatile.Read(ref capacity);

    /// <summary>Expired entries that were dropped or replaced.</summary>
    public long EvictionsByExpiry => Volatile.Read(ref expiry);

    /// <summary>Entries that were removed because somebody asked for it.</summary>
    public long EvictionsByRequest => Volatile.Read(ref request);

    /// <summary>Those of the hits that got a value past its lifetime.</summary>
    public long StaleHits => Volatile.Read(ref staleHits);

    /// <summary>Those of the hits that got a remembered failure.</summary>
    public long ErrorHits => Volatile.Read(ref errorHits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hit() => hits.Increment();

    public void StaleHit() => Interlocked.Increment(ref staleHits);

    public void ErrorHit() => Interlocked.Increment(ref errorHits);

    public void EvictedByCapacity() => Interlocked.Increment(ref capacity);

    public void EvictedByExpiry() => Interlocked.Increment(ref expiry);

    public void EvictedByRequest(long count = 1) => Interlocked.Add(ref request, count);
}
