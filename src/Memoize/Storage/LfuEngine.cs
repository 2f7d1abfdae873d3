using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Scheduler;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>
/// BitFaster's concurrent LFU (W-TinyLFU), plain: its own expiry costs two to three times a hit. It knows nothing of lifetimes, so
/// a full cache looks for expired entries before it lets the frequencies decide.
/// </summary>
internal sealed class LfuEngine<TKey, TValue> : IEngine<TKey, TValue>
    where TKey : notnull
{
    // Entries that are looked at for each that is added to a full cache.
    private const int Looks = 8;

    // Where one was found of late, there are more, and one of them is to go before a live one does.
    private const int LooksWherePaid = 128;
    private const int Late = 1024;

    // And where one is found, the next that are added need not look.
    private const int LooksForEachFound = 32;

    private readonly ConcurrentLfu<TKey, Entry<TValue>> lfu;
    private readonly StoreCounters counters;
    private readonly TagIndex<TKey> tags;
    private readonly int maxSize;
    private readonly bool timed;
    private readonly Scale? scale;
    private IEnumerator<KeyValuePair<TKey, Entry<TValue>>>? search;
    private long now;
    private int held;
    private int looksInVain;

    public LfuEngine(int maxSize, bool timed, StoreCounters counters, TagIndex<TKey> tags, object gate, Scale? scale)
    {
        this.maxSize = maxSize;
        this.timed = timed;
        this.counters = counters;
        this.tags = tags;
        this.scale = scale;
        this.lfu = new ConcurrentLfu<TKey, Entry<TValue>>(1, maxSize, new GatedScheduler(gate), EqualityComparer<TKey>.Default);
        this.lfu.Events.Value!.ItemRemoved += this.OnRemoved;
    }

    public int Held => Volatile.Read(ref this.held);

    public bool Find(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry) => this.lfu.TryGet(key, out entry);

    // The engine counts what it returns as a use. It compares without counting.
    public bool Look(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        var probe = new EntryProbe<TValue>();
        this.lfu.TryRemove(new KeyValuePair<TKey, Entry<TValue>>(key, probe));
        return (entry = probe.Met) is not null;
    }

    // It counts uses by key, not by entry, and does not tell.
    public bool WasUsed(TKey key) => false;

    public bool Replace(TKey key, Entry<TValue> entry, long now)
    {
        if (!this.Look(key, out var old) || !this.lfu.TryUpdate(key, entry))
            return false;
        this.scale?.Remove(old);
        this.scale?.Add(entry);
        if (!old.IsHeld(now))
            this.counters.EvictedByExpiry();
        return true;
    }

    public void Add(TKey key, Entry<TValue> entry, long now)
    {
        this.now = now;
        if (this.timed && this.held >= this.maxSize)
            this.DropSomeExpired(now);
        this.scale?.Add(entry);
        this.lfu.AddOrUpdate(key, entry);

        // What is over the bound leaves now, not when somebody gets around to it; the newcomer may be what leaves.
        this.lfu.DoMaintenance();
        Volatile.Write(ref this.held, this.held + 1);
    }

    public bool Remove(TKey key)
    {
        // The engine's buffers go on holding the node for a while: it must not keep the value.
        if (!this.Look(key, out var old) || !this.lfu.TryUpdate(key, Entry<TValue>.Gone) || !this.lfu.TryRemove(key))
            return false;
        this.scale?.Remove(old);
        this.lfu.DoMaintenance();
        Volatile.Write(ref this.held, this.held - 1);
        return true;
    }

    public void Shrink(long now)
    {
        this.now = now;
        this.lfu.Trim(1);
    }

    public void Tidy()
    {
    }

    public IEnumerator<KeyValuePair<TKey, Entry<TValue>>> Walk() => this.lfu.GetEnumerator();

    private void DropSomeExpired(long now)
    {
        var left = this.looksInVain < Late ? LooksWherePaid : Looks;
        while (left-- > 0)
        {
            this.search ??= this.lfu.GetEnumerator();
            if (!this.search.MoveNext())
            {
                this.search = null;
                break;
            }

            this.looksInVain++;
            var (key, entry) = this.search.Current;
            if (!entry.IsHeld(now) && this.lfu.TryRemove(new KeyValuePair<TKey, Entry<TValue>>(key, entry)))
            {
                this.counters.EvictedByExpiry();
                this.scale?.Remove(entry);
                Volatile.Write(ref this.held, this.held - 1);
                this.looksInVain = 0;
                left = LooksForEachFound;
            }
        }

        this.lfu.DoMaintenance();
    }

    private void OnRemoved(object? sender, ItemRemovedEventArgs<TKey, Entry<TValue>> removed)
    {
        this.tags.Remove(removed.Key);
        if (removed.Reason == ItemRemovedReason.Removed)
            return;
        Volatile.Write(ref this.held, this.held - 1);
        this.scale?.Remove(removed.Value!);
        if (removed.Value!.IsHeld(this.now))
            this.counters.EvictedByCapacity();
        else
            this.counters.EvictedByExpiry();
    }

    /// <summary>
    /// Runs the engine's maintenance, always under the gate: at once for a writer, who has it, and on the thread pool for a reader.
    /// A hit must neither wait nor do the work of others.
    /// </summary>
    private sealed class GatedScheduler(object gate) : IScheduler, IThreadPoolWorkItem
    {
        private Action? maintenance;

        public bool IsBackground => false;

        public long RunCount { get; private set; }

        public Optional<Exception> LastException => Optional<Exception>.None();

        // The engine asks for one run at a time, and always for the same.
        public void Run(Action action)
        {
            if (Monitor.IsEntered(gate))
            {
                this.RunCount++;
                action();
                return;
            }

            Volatile.Write(ref this.maintenance, action);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            lock (gate)
            {
                this.RunCount++;
                this.maintenance!();
            }
        }
    }
}
