using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>Says when an item moves on: as BitFaster's own LRU does, but that expired items go, and that age counts where lifetimes are short.</summary>
internal readonly struct LruPolicy<TKey, TValue>(LruState state) : IItemPolicy<TKey, Entry<TValue>, LruItem<TKey, Entry<TValue>>>
    where TKey : notnull
{
    public TimeSpan TimeToLive => Timeout.InfiniteTimeSpan;

    public LruItem<TKey, Entry<TValue>> CreateItem(TKey key, Entry<TValue> value) => new(key, value);

    public void Touch(LruItem<TKey, Entry<TValue>> item)
    {
        if (!item.WasAccessed)
            LruLooking.Mark(item);
    }

    public void Update(LruItem<TKey, Entry<TValue>> item)
    {
    }

    // Read on every hit: the flag is beside the value. A removed item can only be met by a lookup that began before.
    public bool ShouldDiscard(LruItem<TKey, Entry<TValue>> item) => item.WasRemoved;

    public bool CanDiscard() => true;

    public ItemDestination RouteHot(LruItem<TKey, Entry<TValue>> item)
        => this.IsGone(item) ? ItemDestination.Remove
           : item.WasAccessed || state.TailIsOld ? ItemDestination.Warm
           : ItemDestination.Cold;

    public ItemDestination RouteWarm(LruItem<TKey, Entry<TValue>> item)
    {
        state.SawTail(item.Value.End);
        return item.WasAccessed && !this.IsGone(item) ? ItemDestination.Warm : ItemDestination.Cold;
    }

    public ItemDestination RouteCold(LruItem<TKey, Entry<TValue>> item)
        => item.WasAccessed && !this.IsGone(item) ? ItemDestination.Warm : ItemDestination.Remove;

    private bool IsGone(LruItem<TKey, Entry<TValue>> item) => !item.Value.IsHeld(state.Now);
}

/// <summary>Looking without leaving a trace: the engine has no such lookup, but it asks the policy to mark what it found.</summary>
internal static class LruLooking
{
    [ThreadStatic]
    public static bool Now;

    /// <summary>A look has met an entry that was not used since it last moved.</summary>
    [ThreadStatic]
    public static bool Unmarked;

    public static void Mark<TKey, TValue>(LruItem<TKey, Entry<TValue>> item)
        where TKey : notnull
    {
        if (Now)
            Unmarked = true;
        else
            item.WasAccessed = true;
    }
}

/// <summary>Keeps the count and the reasons of what leaves, and takes it out of the index of tags. Hits are counted by the store, which knows whether one was live.</summary>
internal readonly struct LruEvents<TKey, TValue>(LruState state, TagIndex<TKey> tags) : ITelemetryPolicy<TKey, Entry<TValue>>
    where TKey : notnull
{
    public event EventHandler<ItemRemovedEventArgs<TKey, Entry<TValue>>> ItemRemoved
    {
        add { }
        remove { }
    }

    public event EventHandler<ItemUpdatedEventArgs<TKey, Entry<TValue>>> ItemUpdated
    {
        add { }
        remove { }
    }

    public double HitRatio => 0;

    public long Total => 0;

    public long Hits => 0;

    public long Misses => 0;

    public long Evicted => 0;

    public long Updated => 0;

    public void IncrementMiss()
    {
    }

    public void IncrementHit()
    {
    }

    public void OnItemRemoved(TKey key, Entry<TValue> value, ItemRemovedReason reason)
    {
        tags.Remove(key);
        if (reason == ItemRemovedReason.Removed)
            return;
        state.Evicted(value.End);
        state.Scale?.Remove(value);
    }

    public void OnItemUpdated(TKey key, Entry<TValue> oldValue, Entry<TValue> value)
    {
        if (!ReferenceEquals(value, Entry<TValue>.Gone))
            state.Replaced(oldValue.End);
        state.Scale?.Remove(oldValue);
        state.Scale?.Add(value);
    }

    public void SetEventSource(object source)
    {
    }
}
