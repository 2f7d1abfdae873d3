using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Storage;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// The cache of one method: what it has returned, by key, and what is being loaded. Generated code calls <see cref="TryGet"/> or
/// <see cref="TryGetTask"/>, and on a miss <c>Load</c> or <c>LoadAsync</c>. Safe for use by many threads.
/// </summary>
/// <remarks>
/// The order of things is the same for everybody who uses one key: after an <see cref="Evict"/>, a <see cref="Set(TKey, TValue)"/> or a
/// <see cref="Clear"/> has returned, no call that starts later sees a value whose load began before it.
/// </remarks>
/// <typeparam name="TKey">The key: the arguments, compared by value. Its <c>ToString</c> appears in messages.</typeparam>
/// <typeparam name="TValue">The result; null is a result like any other.</typeparam>
public sealed partial class MethodCache<TKey, TValue> : IMethodCaches
    where TKey : IEquatable<TKey>
{
    private readonly CallCounters counters;
    private readonly FlightTable<TKey, TValue> flights;
    private readonly bool tasks;
    private volatile EntryStore<TKey, TValue> store;

    internal MethodCache(CachedMethod method, CallCounters counters, bool shared, bool tasks, CacheDomain domain, MethodCache<TKey, TValue>? origin = null)
    {
        Method = method;
        this.domain = domain;
        this.origin = origin ?? this;
        this.counters = counters;
        this.tasks = tasks;
        flights = new(shared);
        store = NewStore();
    }

    /// <summary>The entries there are now.</summary>
    public int Count => HereIfUsed?.store.Count ?? 0;

    /// <summary>
    /// What the cache has done. The caches of a method that has one per instance count together: there, all numbers but
    /// <see cref="CacheStatistics.Count"/> are those of all instances.
    /// </summary>
    public CacheStatistics Statistics => HereIfUsed is { } here ? here.counters.Snapshot(here.store.Count, here.store.Weight) : default;

    CacheStatistics IMethodCaches.Counts => HereIfUsed?.counters.Snapshot(0, 0) ?? default;

    internal CachedMethod Method { get; }

    internal long Weight => HereIfUsed?.store.Weight ?? 0;

    /// <summary>The whole hit: a lookup that counts, and allocates nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The remembered value.</param>
    /// <returns>Whether there is one; if not, the caller continues with <see cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!Volatile.Read(ref HitPath.Unusual) && store.TryGet(key, out var entry))
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>
    /// The whole hit of a method that returns a task: the same completed task every time, if the cache was made for tasks; otherwise a
    /// new one.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="task">A completed task with the remembered value.</param>
    /// <returns>Whether there is one; if not, the caller continues with <see cref="LoadAsync(TKey, Func{CancellationToken, Task{TValue}}, CancellationToken)"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetTask(TKey key, [NotNullWhen(true)] out Task<TValue>? task)
    {
        if (!Volatile.Read(ref HitPath.Unusual))
            return store.TryGetTask(key, out task);

        task = null;
        return false;
    }

    /// <summary>Looks without loading; neither a use nor in the statistics.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The remembered value.</param>
    /// <returns>Whether there is one; never while <see cref="Memo.Enabled"/> or the method is off.</returns>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (HereIfUsed is { IsEnabled: true } here && here.store.Peek(key, out var entry))
        {
            value = entry.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>
    /// Removes an entry. A load of the key that is running goes on for those who wait for it, but its value is not kept, and who
    /// asks from now on starts a new one.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was an entry.</returns>
    /// <remarks>
    /// Where there are tiers, the entry is removed from them too, and the caller waits for them, but no longer than their timeouts;
    /// <see cref="EvictAsync"/> does not hold its thread meanwhile.
    /// </remarks>
    public bool Evict(TKey key)
    {
        var here = Here;
        return here.tiers is { } tiers ? tiers.Evict(key) : here.Remove(key);
    }

    internal bool Remove(TKey key)
    {
        Record(CacheEventKind.Evict, key);
        var hashed = new HashedKey<TKey>(key);
        var stripe = flights.StripeOf(hashed);
        lock (stripe)
        {
            stripe.Detach(hashed);
            TouchUpdates(hashed);
            return store.Remove(key);
        }
    }

    /// <summary>
    /// Remembers a value that did not come from a load. A load of the key that is running goes on for those who wait for it, and
    /// does not overwrite the value.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    public void Set(TKey key, TValue value) => Set(key, value, default, update: null);

    private Kept Put(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, CacheUpdate? update)
    {
        Record(CacheEventKind.Set, key);
        tags = tiers is null ? tags : tiers.Method.Tagged(key, tags);
        MarkTagged(tags);
        var hashed = new HashedKey<TKey>(key);
        var stripe = flights.StripeOf(hashed);
        lock (stripe)
        {
            stripe.Detach(hashed);
            var kept = Kept.RefusedByRule;
            if (!Method.IsEnabled || (update is not null && update.IsTouched(this, hashed, tags)))
                store.Remove(key);
            else
                kept = store.Put(key, value, terms, tags);
            TouchUpdates(hashed, except: update);
            return kept;
        }
    }

    /// <summary>
    /// Removes all entries. Loads that are running go on for those who wait for them, but their values are not kept.
    /// </summary>
    public void Clear()
    {
        if (HereIfUsed is not { } here)
            return;

        here.Empty();
        if (here.tiers is { } tiers)
        {
            tiers.ClearTiers();
            here.Empty();
        }
    }

    void IMethodCaches.Clear() => HereIfUsed?.Empty();

    private void Empty()
    {
        domain.Recorder?.Invoke(CacheEventKind.Clear, Method, origin, null, null, null);
        Method.TouchUpdates();
        flights.DetachAll(() =>
        {
            var old = store;
            store = NewStore();
            old.Retire();
        });
    }

    private EntryStore<TKey, TValue> NewStore() => new(Method.CurrentOptions, domain.Clock, counters.Store, tasks) { Others = tiers };
}
