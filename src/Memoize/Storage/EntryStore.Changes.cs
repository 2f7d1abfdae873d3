using System.Runtime.ExceptionServices;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>What became of a value that was to be stored.</summary>
internal enum Kept
{
    Stored,
    RefusedByRule,
    RefusedAsNull,
    RefusedAsTooHeavy,
}

// What changes the store.
internal sealed partial class EntryStore<TKey, TValue>
{
    // BitFaster's LFU fails in caches of three and four entries, where a segment of it can be empty.
    private const int SmallestLfu = 5;

    /// <summary>
    /// Stores a value whose lifetime starts now, in the place of the entry that the key has, if it has one. If it is not to be kept,
    /// that entry is removed: it is out of date.
    /// </summary>
    public Kept Put(TKey key, TValue value, EntryTerms terms = default, EntryTag[]? tags = null)
    {
        var weight = Math.Max(1, terms.Weight);
        var kept = value is null && !this.options.CacheNull ? Kept.RefusedAsNull
            : terms.Discard || terms.Lifetime <= TimeSpan.Zero ? Kept.RefusedByRule
            : weight > this.scale?.Most ? Kept.RefusedAsTooHeavy
            : Kept.Stored;
        if (kept != Kept.Stored)
        {
            this.Remove(key);
            return kept;
        }

        var now = this.clock.PreciseNow;
        this.Put(key, this.Make(key, value, terms, this.scale is null ? 0 : weight, now), tags, now);
        return kept;
    }

    /// <summary>
    /// A load has failed. What the store has of the key is not asked to be loaded again for a while; if there is nothing, the failure
    /// is remembered, where the options say so.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="failure">What the load has thrown.</param>
    /// <param name="tags">What a remembered failure can be evicted by.</param>
    /// <param name="isOfUse">Whether the failure says something about what is stored now.</param>
    /// <returns>The entry that callers are given in place of the failure, if any.</returns>
    public Entry<TValue>? Fail(TKey key, Exception failure, EntryTag[]? tags, bool isOfUse)
    {
        if (!this.lifetimes.IsSoft)
            return null;

        var now = this.clock.PreciseNow;
        var found = this.FindHeld(key, now);
        if (isOfUse)
            (found as SoftEntry<TValue>)?.LoadFails(Storage.Lifetime.Deadline(now, this.lifetimes.Pause));
        if (IsCancellation(failure))
            return null;

        if (found is null && isOfUse && this.options.ErrorTtl > 0)
        {
            var end = Storage.Lifetime.Deadline(now, this.lifetimes.Error);
            this.Put(key, new FailedEntry<TValue>(ExceptionDispatchInfo.Capture(failure), end), tags, now);
        }

        return this.options.StaleIfError > 0 ? found : null;
    }

    /// <summary>There could be no load of the key: what the store has of it is not asked to be loaded again for a while.</summary>
    public void Postpone(TKey key)
    {
        var now = this.clock.PreciseNow;
        (this.FindHeld(key, now) as SoftEntry<TValue>)?.LoadFails(Storage.Lifetime.Deadline(now, this.lifetimes.Pause));
    }

    /// <summary>Whether callers would be given an entry in place of a failure.</summary>
    public bool HasAfter(TKey key, Exception failure)
        => this.options.StaleIfError > 0 && !IsCancellation(failure) && this.FindHeld(key, this.clock.PreciseNow) is not null;

    /// <summary>Removes an entry by request; <see langword="false"/> if there is none, or its time is over.</summary>
    public bool Remove(TKey key)
    {
        lock (this.gate)
        {
            if (this.engine is not { } engine || !engine.Look(key, out var entry) || !engine.Remove(key))
                return false;
            this.index!.Remove(key);
            engine.Tidy();
            var held = entry.IsHeld(this.clock.PreciseNow);
            if (held)
                this.counters.EvictedByRequest();
            else
                this.counters.EvictedByExpiry();
            return held;
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
    /// Counts all entries as removed: by request those that are held, by expiry the others. For a store whose place another has taken;
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
                if (all.Current.Value.IsHeld(now))
                    this.counters.EvictedByRequest();
                else
                    this.counters.EvictedByExpiry();
            }
        }
    }

    // Somebody wanted the work to end, which says nothing about what it works on. HttpClient tells of its own timeout in this way, too.
    private static bool IsCancellation(Exception failure)
        => failure is OperationCanceledException && failure.InnerException is not TimeoutException;

    private Entry<TValue>? FindHeld(TKey key, long now)
        => Volatile.Read(ref this.engine) is { } engine && engine.Look(key, out var entry) && entry.IsHeld(now) && entry is not FailedEntry<TValue>
            ? entry
            : null;

    private void Put(TKey key, Entry<TValue> entry, EntryTag[]? tags, long now)
    {
        bool start;
        lock (this.gate)
        {
            var engine = this.engine ?? this.Begin();
            if (this.scale is { } scale)
            {
                if (scale.IsMisjudged(engine.Held, entry.Weight))
                    engine = this.Refit(engine, scale, now);
                scale.MakeRoom(engine, key, entry.Weight, now);
            }

            // Before the engine has the key, because the newcomer may be what leaves to make room.
            this.index!.Put(key, tags);
            if (!engine.Replace(key, entry, now))
                engine.Add(key, entry, now);
            start = !this.tended && entry.End != Storage.Lifetime.Infinite;
            this.tended |= start;
        }

        if (start)
            this.clock.Janitor.Add(this);
    }

    // The weight is 0 where nothing is weighed.
    private Entry<TValue> Make(TKey key, TValue value, EntryTerms terms, long weight, long now)
    {
        var length = this.lifetimes.Of(value is null, terms);
        var limit = Storage.Lifetime.Deadline(now, length);
        var idle = Storage.Lifetime.Deadline(now, this.sliding);
        var others = this.sliding != Storage.Lifetime.Infinite ? this.Others : null;
        if (this.lifetimes.HasStages)
        {
            var (fresh, stages) = terms.IsOld ? (now, this.lifetimes.StagesOfOld(terms)) : (limit, this.lifetimes.Stages);
            if (others is not null)
                return new KeptUpSoftEntry<TKey, TValue>(value, idle, fresh, stages, now, weight, key, others);
            return weight == 0
                ? new SoftEntry<TValue>(value, idle, fresh, stages, now)
                : new WeighedSoftEntry<TValue>(value, idle, fresh, stages, now, weight);
        }

        if (this.sliding != Storage.Lifetime.Infinite)
        {
            if (others is not null)
                return new KeptUpEntry<TKey, TValue>(value, idle, limit, now, weight, key, others);
            return CappedEntry<TValue>.Of(value, idle, limit, now, weight);
        }

        if (weight != 0)
            return new WeighedEntry<TValue>(value, limit, now, weight);
        if (limit != Storage.Lifetime.Infinite && length == this.lifetimes.Usual(value is null))
            return this.tasks ? new TaskEntry<TValue>(value, limit) : new Entry<TValue>(value, limit);
        return this.tasks ? new StampedTaskEntry<TValue>(value, limit, now) : new StampedEntry<TValue>(value, limit, now);
    }

    private IEngine<TKey, TValue> Begin()
    {
        this.index = new();
        return this.Use(this.NewEngine(this.index));
    }

    private IEngine<TKey, TValue> NewEngine(TagIndex<TKey> tags)
    {
        var size = this.scale?.Capacity ?? this.options.MaxSize;
        if (this.options.Eviction != Eviction.Lfu)
            return new LruEngine<TKey, TValue>(size, this.lifetimes.Longest, this.counters, tags, this.scale);
        return size < SmallestLfu
            ? new SmallLfuEngine<TKey, TValue>(size, this.counters, tags, this.scale)
            : new LfuEngine<TKey, TValue>(size, this.lifetimes.Longest != Storage.Lifetime.Infinite, this.counters, tags, this.gate, this.scale);
    }

    private IEngine<TKey, TValue> Use(IEngine<TKey, TValue> engine)
    {
        var lru = engine as LruEngine<TKey, TValue>;
        Volatile.Write(ref this.engine, engine);
        Volatile.Write(ref this.lru, lru);
        if (this.tasks)
            Volatile.Write(ref this.lruOfTasks, lru);
        return engine;
    }

    // Whoever looks meanwhile finds all entries in the old engine. What was used of late comes last, and stays longest.
    private IEngine<TKey, TValue> Refit(IEngine<TKey, TValue> old, Scale scale, long now)
    {
        var engine = this.NewEngine(this.index!);
        scale.Move(() =>
        {
            var used = new List<KeyValuePair<TKey, Entry<TValue>>>();
            using var all = old.Walk();
            while (all.MoveNext())
            {
                if (old.WasUsed(all.Current.Key))
                    used.Add(all.Current);
                else
                    engine.Add(all.Current.Key, all.Current.Value, now);
            }

            foreach (var (key, entry) in used)
            {
                engine.Add(key, entry, now);
                engine.Find(key, out _);
            }
        });
        return this.Use(engine);
    }
}
