using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memoize.Tags;

namespace Memoize.Storage;

/// <summary>
/// One engine with its entries. Lookups take no lock; everything that changes the store takes one, so that no observation of
/// <see cref="Count"/> exceeds the size that was asked for. To clear a cache, put a new store in its place.
/// </summary>
internal sealed partial class EntryStore<TKey, TValue> : ITrimmable
    where TKey : notnull
{
    // The coarse clock would make lifetimes shorter than this noticeably longer: they pay for the real one.
    private const long ShortLifetime = 250;

    private readonly object gate = new();
    private readonly CacheOptions options;
    private readonly Clock clock;
    private readonly StoreCounters counters;
    private readonly Lifetimes lifetimes;
    private readonly long sliding;
    private readonly bool tasks;

    // Null where a hit reads the coarse clock.
    private readonly Clock? exactClock;

    // Null where weight does not matter.
    private readonly Scale? scale;

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

    /// <summary>With <paramref name="tasks"/> every entry has or makes one, which <see cref="TryGetTask"/> finds without allocating.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The engines need room for three entries.</exception>
    public EntryStore(CacheOptions options, Clock clock, StoreCounters counters, bool tasks = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxSize, 3);
        this.options = options;
        this.clock = clock;
        this.counters = counters;
        this.tasks = tasks;
        this.lifetimes = new(options);
        this.sliding = this.lifetimes.Sliding;
        this.exactClock = clock.IsSystem && this.Lifetime >= ShortLifetime ? null : clock;
        this.scale = options.MaxBytes > 0 ? new(options.MaxBytes, options.MaxSize) : null;
    }

    /// <summary>Who keeps the same values and is told which are in use, where they live on while they are read; null for nobody.</summary>
    public IKeepUp<TKey>? Others { get; init; }

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

    /// <summary>What the entries weigh together, never more than the bound; 0 where weight does not matter.</summary>
    public long Weight => this.scale?.Total ?? 0;

    /// <inheritdoc/>
    public long Lifetime => this.lifetimes.Shortest;

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
            task = Unsafe.As<TaskEntry<TValue>>(entry).Task;
            return true;
        }

        task = null;
        return false;
    }

    /// <summary>The task of an entry, or a new one where the store is not made for tasks.</summary>
    public Task<TValue> TaskOf(Entry<TValue> entry)
        => this.tasks ? Unsafe.As<TaskEntry<TValue>>(entry).Task : Task.FromResult(entry.Value);

    // Whether an entry that was found is live; if so, it is a hit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsServed(Entry<TValue> entry)
    {
        if (entry.Deadline != Storage.Lifetime.Infinite)
        {
            var now = this.exactClock is null ? CoarseClock.Now : this.exactClock.PreciseNow;
            if (!entry.IsLive(now))
                return this.IsServedLate(entry, now);
            if (this.sliding != Storage.Lifetime.Infinite)
                Unsafe.As<SlidingEntry<TValue>>(entry).Touch(now, this.sliding);
        }

        this.counters.Hit();
        return true;
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
}
