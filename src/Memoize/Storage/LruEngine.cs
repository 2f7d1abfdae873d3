using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>BitFaster's concurrent LRU with entries that expire in place.</summary>
/// <remarks>
/// An expired entry is never removed by a lookup: its key is about to be loaded, and the new entry takes over the node with what the
/// engine has learnt about it. Expired entries whose keys nobody asks for leave when they come to the end of a queue, when a full
/// cache finds that many have expired, or with the janitor.
/// </remarks>
internal sealed class LruEngine<TKey, TValue> :
    ConcurrentLruCore<TKey, Entry<TValue>, LruItem<TKey, Entry<TValue>>, LruPolicy<TKey, TValue>, LruEvents<TKey, TValue>>,
    IEngine<TKey, TValue>
    where TKey : notnull
{
    private readonly LruState state;
    private readonly int maxSize;

    public LruEngine(int maxSize, long length, StoreCounters counters, TagIndex<TKey> tags, Scale? scale)
        : this(maxSize, new LruState(length, maxSize, counters, scale), tags)
    {
    }

    // Writers are serialised by the store: one lock in the dictionary is enough.
    private LruEngine(int maxSize, LruState state, TagIndex<TKey> tags)
        : base(1, new FavorWarmPartition(maxSize), EqualityComparer<TKey>.Default, new(state), new(state, tags))
    {
        this.maxSize = maxSize;
        this.state = state;
    }

    public int Held => this.state.Held;

    public bool Find(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry) => this.TryGet(key, out entry);

    public bool Look(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        LruLooking.Now = true;
        try
        {
            return this.TryGet(key, out entry);
        }
        finally
        {
            LruLooking.Now = false;
        }
    }

    public bool WasUsed(TKey key)
    {
        LruLooking.Unmarked = false;
        return this.Look(key, out _) && !LruLooking.Unmarked;
    }

    public bool Replace(TKey key, Entry<TValue> entry, long now)
    {
        this.state.Now = now;
        return this.TryUpdate(key, entry);
    }

    public void Add(TKey key, Entry<TValue> entry, long now)
    {
        this.state.Now = now;
        this.state.Began(now);
        if (this.state.ShouldTrim())
            this.DropExpired(now);
        this.AddOrUpdate(key, entry);
        this.state.Added();
        this.state.Scale?.Add(entry);
    }

    public void Shrink(long now)
    {
        this.state.Now = now;
        var held = this.Held;

        // The engine walks all its queues whenever it trims: a few at a time, so that each costs little. Should it find nothing to
        // remove, any entry is better than to go on for ever.
        this.Trim((held / 64) + 1);
        if (this.Held < held)
            return;
        foreach (var (key, _) in this)
        {
            if (!this.Remove(key))
                continue;
            this.state.EvictedByCapacity();
            return;
        }
    }

    public bool Remove(TKey key)
    {
        // The node stays in its queue until it comes to the end: it must not keep the value until then.
        if (!this.TryUpdate(key, Entry<TValue>.Gone) || !this.TryRemove(key))
            return false;
        this.state.Removed();
        this.state.Husks++;
        return true;
    }

    public void Tidy()
    {
        if (this.state.Husks <= this.maxSize / 4)
            return;
        this.state.Husks = 0;
        this.TrimAllDiscardedItems();
    }

    public IEnumerator<KeyValuePair<TKey, Entry<TValue>>> Walk() => this.GetEnumerator();

    private void DropExpired(long now)
    {
        var dropped = 0;
        foreach (var (key, entry) in this)
        {
            if (entry.IsHeld(now) || !this.Remove(key))
                continue;
            this.state.Expired();
            dropped++;
        }

        this.state.Trimmed(dropped);
        this.state.Husks = 0;
        this.TrimAllDiscardedItems();
    }
}
