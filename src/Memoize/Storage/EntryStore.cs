using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;

namespace Memoize.Storage;

/// <summary>
/// One engine with its entries. Lookups take no lock; everything that changes the store takes one, so that no observation of
/// <see cref="Count"/> exceeds the size that was asked for. To clear a cache, put a new store in its place.
/// </summary>
sealed class EntryStore<TKey, TValue>
    where TKey : notnull
{
    readonly object gate = new();
    readonly ICache<TKey, Entry<TValue>> engine;
    readonly Clock clock;
    readonly StoreCounters counters;
    readonly long ttl;
    readonly long sliding;

    /// <exception cref="ArgumentOutOfRangeException">The engines need room for three entries.</exception>
    public EntryStore(CacheOptions options, Clock clock, StoreCounters counters)
    {
        this.clock = clock;
        this.counters = counters;
        this.ttl = Lifetime.FromSeconds(options.Ttl);
        this.sliding = Lifetime.FromSeconds(options.Sliding);
        this.engine = options.Eviction == Eviction.Lfu
            ? new ConcurrentLfu<TKey, Entry<TValue>>(1, options.MaxSize, new ForegroundScheduler(), EqualityComparer<TKey>.Default)
            : new FastConcurrentLru<TKey, Entry<TValue>>(1, options.MaxSize, EqualityComparer<TKey>.Default);
    }

    /// <summary>The number of entries, those included that have expired and were not dropped yet; never more than the bound.</summary>
    public int Count
    {
        get
        {
            lock (this.gate)
                return this.engine.Count;
        }
    }

    /// <summary>Finds a live entry, counts a hit, and marks the entry as used. A miss is not counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        if (!this.engine.TryGet(key, out entry))
            return false;

        var now = this.clock.Now;
        if (!entry.IsLive(now))
            return false;
        if (this.sliding != Lifetime.Infinite)
            Unsafe.As<SlidingEntry<TValue>>(entry).Touch(now);
        this.counters.Hit();
        return true;
    }

    /// <summary>Finds a live entry without counting a hit and without prolonging its sliding lifetime.</summary>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
        => this.engine.TryGet(key, out entry) && entry.IsLive(this.clock.Now);

    /// <summary>Stores a value whose lifetime starts now, in the place of the entry that the key has, if it has one.</summary>
    public void Put(TKey key, TValue value)
    {
        var now = this.clock.PreciseNow;
        var limit = Lifetime.Deadline(now, this.ttl);
        var entry = this.sliding == Lifetime.Infinite
            ? new Entry<TValue>(value, limit)
            : new SlidingEntry<TValue>(value, now, this.sliding, limit);
        lock (this.gate)
            this.engine.AddOrUpdate(key, entry);
    }

    /// <summary>Removes an entry by request; <see langword="false"/> if there is none that is live.</summary>
    public bool Remove(TKey key)
    {
        lock (this.gate)
        {
            if (!this.engine.TryGet(key, out var entry) || !this.engine.TryRemove(key) || !entry.IsLive(this.clock.Now))
                return false;
            this.counters.EvictedByRequest();
            return true;
        }
    }

    /// <summary>The live entries, collected while others may come and go.</summary>
    public IEnumerable<(TKey Key, Entry<TValue> Entry)> Snapshot()
    {
        var now = this.clock.Now;
        foreach (var (key, entry) in this.engine)
        {
            if (entry.IsLive(now))
                yield return (key, entry);
        }
    }

    /// <summary>Drops expired entries; looks at no more than <paramref name="budget"/>.</summary>
    /// <returns>How many were dropped.</returns>
    public int TrimExpired(int budget)
    {
        var dropped = 0;
        lock (this.gate)
        {
            var now = this.clock.PreciseNow;
            foreach (var (key, entry) in this.engine.Take(budget))
            {
                if (entry.IsLive(now) || !this.engine.TryRemove(key))
                    continue;
                this.counters.EvictedByExpiry();
                dropped++;
            }
        }

        return dropped;
    }
}
