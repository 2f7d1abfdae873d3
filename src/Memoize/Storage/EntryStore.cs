using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>
/// One engine with its entries. Lookups take no lock; everything that changes the store takes one, so that no observation of
/// <see cref="Count"/> exceeds the size that was asked for. To clear a cache, put a new store in its place.
/// </summary>
internal sealed class EntryStore<TKey, TValue> : ITrimmable
    where TKey : notnull
{
    // The coarse clock would make lifetimes shorter than this noticeably longer: they pay for the real one.
    private const long ShortLifetime = 250;

    // BitFaster's LFU fails in caches of three and four entries, where a segment of it can be empty. There is nothing to count there.
    private const int SmallestLfu = 5;

    private readonly object gate = new();
    private readonly CacheOptions options;
    private readonly Clock clock;
    private readonly StoreCounters counters;
    private readonly long ttl;
    private readonly long sliding;
    private readonly bool tasks;

    // Null where a hit reads the coarse clock.
    private readonly Clock? exactClock;

    // Both are null until the first value is stored: a cache that is not used costs next to nothing. The LRU is there once more for
    // each kind of hit that it serves, so that its lookup is a direct call.
    private IEngine<TKey, TValue>? engine;
    private LruEngine<TKey, TValue>? lru;
    private LruEngine<TKey, TValue>? lruOfTasks;

    // What can be evicted by tags; made with the engine, which tells it of all that leaves.
    private TagIndex<TKey>? index;

    private IEnumerator<KeyValuePair<TKey, Entry<TValue>>>? walk;
    private bool trimming;
    private bool retired;
    private bool tended;

    /// <summary>With <paramref name="tasks"/> every entry has one, which <see cref="TryGetTask"/> finds without allocating.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The engines need room for three entries.</exception>
    public EntryStore(CacheOptions options, Clock clock, StoreCounters counters, bool tasks = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSize, 3);
        this.options = options;
        this.clock = clock;
        this.counters = counters;
        this.tasks = tasks;
        this.ttl = Storage.Lifetime.FromSeconds(options.Ttl);
        this.sliding = Storage.Lifetime.FromSeconds(options.Sliding);
        this.exactClock = clock.IsSystem && this.Lifetime >= ShortLifetime ? null : clock;
    }

    /// <summary>The number of entries, those included that have expired and were not dropped yet; never more than the bound.</summary>
    public int Count => Volatile.Read(ref this.engine)?.Held ?? 0;

    /// <summary>How many keys have tags, and how many tags there are: never more than the entries have.</summary>
    public (int Keys, int Tags) Tagged
    {
        get
        {
            lock (this.gate)
                return (this.index?.Keys ?? 0, this.index?.Tags ?? 0);
        }
    }

    /// <inheritdoc/>
    public long Lifetime => Math.Min(this.ttl, this.sliding);

    /// <summary>Finds a live entry, counts a hit, and marks the entry as used. A miss is not counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        var lru = this.lru;
        if (lru is null ? !this.FindElsewhere(key, out entry) : !lru.TryGet(key, out entry))
            return false;

        return this.IsServed(entry!);
    }

    /// <summary>The same for a method that returns a task: the same completed task every time, if the store was made for tasks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetTask(TKey key, [NotNullWhen(true)] out Task<TValue>? task)
    {
        if (this.lruOfTasks is not { } lru)
            return this.FindTaskElsewhere(key, out task);
        if (lru.TryGet(key, out var entry) && this.IsServed(entry))
        {
            task = Unsafe.As<TaskEntry<TValue>>(entry).Task!;
            return true;
        }

        task = null;
        return false;
    }

    /// <summary>The task of an entry, or a new one where the store is not made for tasks.</summary>
    public Task<TValue> TaskOf(Entry<TValue> entry)
        => this.tasks ? Unsafe.As<TaskEntry<TValue>>(entry).Task! : Task.FromResult(entry.Value);

    /// <summary>
    /// Finds a live entry without counting a hit and without prolonging its life. To the LRU it is not a use, to the LFU it is one.
    /// </summary>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        return Volatile.Read(ref this.engine) is { } engine && engine.Look(key, out entry) && entry.IsLive(this.clock.PreciseNow);
    }

    /// <summary>
    /// Stores a value whose lifetime starts now, in the place of the entry that the key has, if it has one. If the terms say that it
    /// is not to be kept, that entry is removed.
    /// </summary>
    /// <returns>Whether it was stored.</returns>
    public bool Put(TKey key, TValue value, EntryTerms terms = default, EntryTag[]? tags = null)
    {
        if (terms.Discard || terms.Lifetime <= TimeSpan.Zero)
        {
            this.Remove(key);
            return false;
        }

        var now = this.clock.PreciseNow;
        var entry = this.Make(value, terms, now);
        bool start;
        lock (this.gate)
        {
            var engine = this.engine ?? this.Begin();

            // Before the engine has the key, because the newcomer may be what leaves to make room.
            this.index!.Put(key, tags);
            if (!engine.Replace(key, entry, now))
                engine.Add(key, entry, now);
            start = !this.tended && entry.Deadline != Storage.Lifetime.Infinite;
            this.tended |= start;
        }

        if (start)
            this.clock.Janitor.Add(this);
        return true;
    }

    /// <summary>Removes an entry by request; <see langword="false"/> if there is none that is live.</summary>
    public bool Remove(TKey key)
    {
        lock (this.gate)
        {
            if (this.engine is not { } engine || !engine.Look(key, out var entry) || !engine.Remove(key))
                return false;
            this.index!.Remove(key);
            engine.Tidy();
            var live = entry.IsLive(this.clock.PreciseNow);
            if (live)
                this.counters.EvictedByRequest();
            else
                this.counters.EvictedByExpiry();
            return live;
        }
    }

    /// <summary>Removes all entries that have all of the tags, by request.</summary>
    /// <returns>How many live ones there were.</returns>
    public int RemoveTagged(EntryTag[] tags)
    {
        lock (this.gate)
        {
            var removed = 0;
            foreach (var key in this.index?.Find(tags) ?? [])
            {
                if (this.Remove(key))
                    removed++;
            }

            return removed;
        }
    }

    /// <summary>
    /// Counts all entries as removed: by request those that are live, by expiry the others. For a store whose place another has taken;
    /// what is trimmed here from now on is not counted again.
    /// </summary>
    public void Retire()
    {
        lock (this.gate)
        {
            this.retired = true;
            if (this.engine is null)
                return;

            var now = this.clock.PreciseNow;
            using var all = this.engine.Walk();
            while (all.MoveNext())
            {
                if (all.Current.Value.IsLive(now))
                    this.counters.EvictedByRequest();
                else
                    this.counters.EvictedByExpiry();
            }
        }
    }

    /// <summary>How long the entry will be served if nobody reads it; null for ever.</summary>
    public TimeSpan? RemainingOf(Entry<TValue> entry)
        => entry.Deadline == Storage.Lifetime.Infinite ? null : TimeSpan.FromMilliseconds(Math.Max(0, entry.Deadline - this.clock.PreciseNow));

    /// <summary>The live entries, collected while others may come and go.</summary>
    public IEnumerable<(TKey Key, Entry<TValue> Entry)> Snapshot()
    {
        if (Volatile.Read(ref this.engine) is not { } engine)
            yield break;
        var now = this.clock.PreciseNow;
        using var all = engine.Walk();
        while (all.MoveNext())
        {
            if (all.Current.Value.IsLive(now))
                yield return (all.Current.Key, all.Current.Value);
        }
    }

    /// <inheritdoc/>
    public bool Tend(int budget)
    {
        this.TrimExpired(budget);
        lock (this.gate)
            return this.tended = this.Count > 0;
    }

    /// <summary>
    /// Drops expired entries; looks at no more than <paramref name="budget"/>, and the next call goes on where this one stopped.
    /// Does nothing while another thread does the same.
    /// </summary>
    /// <returns>How many were dropped.</returns>
    public int TrimExpired(int budget)
    {
        lock (this.gate)
        {
            if (this.engine is null || this.trimming)
                return 0;
            this.trimming = true;
        }

        var dropped = 0;
        try
        {
            // Walking takes no lock: stores are changed meanwhile, and the lock is taken for what has expired.
            while (budget-- > 0 && this.NextOnWalk(out var key, out var entry))
            {
                if (!entry.IsLive(this.clock.PreciseNow) && this.Drop(key, entry))
                    dropped++;
            }
        }
        finally
        {
            lock (this.gate)
                this.EndTrim();
        }

        return dropped;
    }

    // Whether an entry that was found is live; if so, it is a hit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsServed(Entry<TValue> entry)
    {
        if (entry.Deadline != Storage.Lifetime.Infinite)
        {
            var now = this.exactClock is null ? CoarseClock.Now : this.exactClock.PreciseNow;
            if (!entry.IsLive(now))
                return false;
            if (this.sliding != Storage.Lifetime.Infinite)
                Unsafe.As<SlidingEntry<TValue>>(entry).Touch(now, this.sliding);
        }

        this.counters.Hit();
        return true;
    }

    private Entry<TValue> Make(TValue value, EntryTerms terms, long now)
    {
        var limit = Storage.Lifetime.Deadline(now, terms.Lifetime is { } own ? Storage.Lifetime.Of(own) : this.ttl);
        var task = this.tasks ? Task.FromResult(value) : null;
        if (this.sliding != Storage.Lifetime.Infinite)
            return new SlidingEntry<TValue>(value, Storage.Lifetime.Deadline(now, this.sliding), limit, task);
        return task is null ? new Entry<TValue>(value, limit) : new TaskEntry<TValue>(value, limit, task);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FindElsewhere(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        return Volatile.Read(ref this.engine) is { } engine && engine.Find(key, out entry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FindTaskElsewhere(TKey key, [NotNullWhen(true)] out Task<TValue>? task)
    {
        task = this.TryGet(key, out var entry) ? this.TaskOf(entry) : null;
        return task is not null;
    }

    private IEngine<TKey, TValue> Begin()
    {
        this.index = new();
        if (this.options.Eviction == Eviction.Lfu && this.options.MaxSize >= SmallestLfu)
        {
            var lfu = new LfuEngine<TKey, TValue>(
                this.options.MaxSize, this.Lifetime != Storage.Lifetime.Infinite, this.counters, this.index, this.gate);
            Volatile.Write(ref this.engine, lfu);
            return lfu;
        }

        var lru = new LruEngine<TKey, TValue>(this.options.MaxSize, this.Lifetime, this.counters, this.index);
        Volatile.Write(ref this.engine, lru);
        Volatile.Write(ref this.lru, lru);
        if (this.tasks)
            Volatile.Write(ref this.lruOfTasks, lru);
        return lru;
    }

    private bool NextOnWalk([MaybeNullWhen(false)] out TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        this.walk ??= this.engine!.Walk();
        if (this.walk.MoveNext())
        {
            (key, entry) = this.walk.Current;
            return true;
        }

        this.walk = null;
        key = default;
        entry = null;
        return false;
    }

    private bool Drop(TKey key, Entry<TValue> entry)
    {
        lock (this.gate)
        {
            // It may have been replaced since the walk came by.
            if (this.retired || !this.engine!.Look(key, out var current) || !ReferenceEquals(current, entry) || !this.engine.Remove(key))
                return false;
            this.counters.EvictedByExpiry();
            return true;
        }
    }

    private void EndTrim()
    {
        this.trimming = false;
        if (this.Count > 0)
        {
            this.engine!.Tidy();
            return;
        }

        // Nothing is left: a new engine, when one is needed, is smaller than what the old one keeps.
        this.walk = null;
        Volatile.Write(ref this.lru, null);
        Volatile.Write(ref this.lruOfTasks, null);
        Volatile.Write(ref this.engine, null);
        this.index = null;
    }
}
