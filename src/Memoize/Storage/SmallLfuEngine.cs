using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>
/// An LFU for the three or four entries that BitFaster's cannot hold, by the book: each entry counts its uses, and the one with the fewest
/// leaves, of equals the oldest. All are looked at whenever one is added; there are no more than four.
/// </summary>
internal sealed class SmallLfuEngine<TKey, TValue>(int maxSize, StoreCounters counters, TagIndex<TKey> tags, Scale? scale) : IEngine<TKey, TValue>
    where TKey : notnull
{
    // After so many additions for each entry, what was used before counts half: what was popular once must not stay for ever.
    private const int HalfLife = 16;

    // Nobody writes but under the store's gate, so one lock in it is enough.
    private readonly ConcurrentDictionary<TKey, Node> nodes = new(1, maxSize);
    private long added;
    private int held;

    public int Held => Volatile.Read(ref this.held);

    public bool Find(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        if (!this.nodes.TryGetValue(key, out var node))
            return false;

        // Uses at the same moment may count as one.
        node.Uses++;
        entry = node.Entry;
        return true;
    }

    public bool Look(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = this.nodes.TryGetValue(key, out var node) ? node.Entry : null;
        return entry is not null;
    }

    public bool WasUsed(TKey key) => this.nodes.TryGetValue(key, out var node) && node.Uses > 0;

    public bool Replace(TKey key, Entry<TValue> entry, long now)
    {
        if (!this.nodes.TryGetValue(key, out var node))
            return false;
        if (!node.Entry.IsHeld(now))
            counters.EvictedByExpiry();
        scale?.Remove(node.Entry);
        scale?.Add(entry);
        node.Entry = entry;
        return true;
    }

    public void Add(TKey key, Entry<TValue> entry, long now)
    {
        if (this.held >= maxSize)
            this.Shrink(now);
        if (++this.added % (HalfLife * maxSize) == 0)
        {
            foreach (var (_, node) in this.nodes)
                node.Uses /= 2;
        }

        this.nodes[key] = new() { Entry = entry, Born = this.added };
        scale?.Add(entry);
        Volatile.Write(ref this.held, this.held + 1);
    }

    public void Shrink(long now)
    {
        if (this.nodes.IsEmpty)
            return;

        // What has expired goes before anything else.
        var (key, least) = this.nodes.MinBy(one => (one.Value.Entry.IsHeld(now), one.Value.Uses, one.Value.Born));
        if (least.Entry.IsHeld(now))
            counters.EvictedByCapacity();
        else
            counters.EvictedByExpiry();
        this.Remove(key);
    }

    public bool Remove(TKey key)
    {
        if (!this.nodes.TryRemove(key, out var node))
            return false;
        tags.Remove(key);
        scale?.Remove(node.Entry);
        Volatile.Write(ref this.held, this.held - 1);
        return true;
    }

    public void Tidy()
    {
    }

    public IEnumerator<KeyValuePair<TKey, Entry<TValue>>> Walk()
    {
        foreach (var (key, node) in this.nodes)
            yield return new(key, node.Entry);
    }

    private sealed class Node
    {
        private Entry<TValue> entry = null!;

        public Entry<TValue> Entry
        {
            get => Volatile.Read(ref this.entry);
            set => Volatile.Write(ref this.entry, value);
        }

        public long Born { get; init; }

        public long Uses { get; set; }
    }
}
