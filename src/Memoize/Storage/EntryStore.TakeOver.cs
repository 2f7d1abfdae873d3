using Memoize.Tags;

namespace Memoize.Storage;

// A store is made for its options, so that a hit need not ask for them. When they change, another takes its place.
internal sealed partial class EntryStore<TKey, TValue>
{
    /// <summary>
    /// Brings everything that another store holds here; each entry lives as long as it would have lived there. Nothing may be written
    /// to either meanwhile; hits go on. What was used of late comes last, and stays longest.
    /// </summary>
    public void TakeOver(EntryStore<TKey, TValue> old)
    {
        if (old.clock != this.clock)
        {
            // The times of two clocks cannot be compared; who has changed it clears all caches.
            old.Retire();
            return;
        }

        var now = this.clock.PreciseNow;
        foreach (var (key, entry, tags, isUsed) in old.Leave(now))
        {
            if (entry.Weight > this.scale?.Most)
            {
                this.counters.EvictedByCapacity();
                continue;
            }

            this.Put(key, this.Adopted(entry, old), tags, now);
            if (isUsed)
                this.engine!.Find(key, out _);
        }
    }

    private List<(TKey Key, Entry<TValue> Entry, EntryTag[]? Tags, bool IsUsed)> Leave(long now)
    {
        lock (this.gate)
        {
            this.retired = true;
            var unused = new List<(TKey, Entry<TValue>, EntryTag[]?, bool)>();
            var used = new List<(TKey, Entry<TValue>, EntryTag[]?, bool)>();
            if (this.engine is null)
                return unused;

            using var all = this.engine.Walk();
            while (all.MoveNext())
            {
                var (key, entry) = all.Current;
                var isUsed = this.engine.WasUsed(key);
                if (entry.IsHeld(now))
                    (isUsed ? used : unused).Add((key, entry, this.index!.TagsOf(key), isUsed));
                else
                    this.counters.EvictedByExpiry();
            }

            return [.. unused, .. used];
        }
    }

    private Entry<TValue> Adopted(Entry<TValue> entry, EntryStore<TKey, TValue> old)
    {
        if (entry is SlidingEntry<TValue> or FailedEntry<TValue>)
            return entry;

        // Where entries slide, a hit takes each that can expire for one that does: one from before ends as it would have.
        var stored = old.StoredAt(entry);
        if (this.sliding != Storage.Lifetime.Infinite && entry.Deadline != Storage.Lifetime.Infinite)
            return CappedEntry<TValue>.Of(entry.Value, entry.Deadline, entry.Deadline, stored, entry.Weight);

        // What was usual there need not be so here, and then the deadline no longer tells when it was stored.
        var isNull = entry.Value is null;
        if (entry.Stored is not null || old.lifetimes.Usual(isNull) == this.lifetimes.Usual(isNull))
            return entry;
        return this.tasks
            ? new StampedTaskEntry<TValue>(entry.Value, entry.Deadline, stored)
            : new StampedEntry<TValue>(entry.Value, entry.Deadline, stored);
    }
}
