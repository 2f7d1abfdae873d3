using System.ComponentModel;
using System.Runtime.CompilerServices;
using Memoize.Isolation;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// The caches of a method that has several: one for each owner, which it lives exactly as long as. It does not keep its owner alive, not
/// even when a remembered value refers to it. For generated code; safe for use by many threads.
/// </summary>
/// <remarks>
/// All of them count into one set of statistics, so that the numbers of the method outlive the owners and each cache stays small.
/// </remarks>
/// <typeparam name="TOwner">What a cache belongs to.</typeparam>
/// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class OwnedCaches<TOwner, TKey, TValue> : IMethodCaches
    where TOwner : class
    where TKey : IEquatable<TKey>
{
    private readonly bool shared;
    private readonly bool tasks;
    private readonly CallCounters counters = new();
    private readonly ConditionalWeakTable<TOwner, MethodCache<TKey, TValue>> caches = new();

    private protected OwnedCaches(CachedMethod method, bool shared, bool tasks)
    {
        Method = method;
        this.shared = shared;
        this.tasks = tasks;
    }

    private protected CachedMethod Method { get; }

    /// <summary>All caches there are now.</summary>
    private protected IEnumerable<MethodCache<TKey, TValue>> All => caches.Select(static pair => pair.Value);

    /// <summary>The cache that belongs to an owner; made when it is first asked for.</summary>
    /// <param name="owner">The owner.</param>
    /// <returns>Always the same cache for the same owner.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="owner"/> is null.</exception>
    public MethodCache<TKey, TValue> For(TOwner owner)
        => caches.TryGetValue(owner, out var cache) ? cache : Create(owner);

    int IMethodCaches.Count => All.Sum(static cache => cache.Count);

    CacheStatistics IMethodCaches.Counts => CacheDomain.Current.Of(counters).Snapshot(0, 0);

    CacheStatistics IMethodCaches.Statistics
        => CacheDomain.Current.Of(counters).Snapshot(All.Sum(static cache => cache.Count), All.Sum(static cache => cache.Weight));

    IEnumerable<CacheEntry> IMethodCaches.Entries() => caches.SelectMany(pair => pair.Value.EntriesOf(NameOf(pair.Key)));

    void IMethodCaches.Clear()
    {
        foreach (IMethodCaches cache in All)
            cache.Clear();
    }

    void IMethodCaches.Reconfigure()
    {
        foreach (IMethodCaches cache in All)
            cache.Reconfigure();
    }

    int IMethodCaches.EvictTag(EntryTag tag) => All.Sum(cache => ((IMethodCaches)cache).EvictTag(tag));

    /// <summary>How people are told whose cache it is; null where it does not matter.</summary>
    private protected virtual string? NameOf(TOwner owner) => null;

    /// <summary>A cache is about to be there.</summary>
    private protected virtual void Prepare(MethodCache<TKey, TValue> cache, TOwner owner)
    {
    }

    private MethodCache<TKey, TValue> Create(TOwner owner)
    {
        lock (Memo.Gate)
        {
            return caches.GetValue(owner, _ =>
            {
                var cache = new MethodCache<TKey, TValue>(Method, counters, shared, tasks, CacheDomain.Process);
                Prepare(cache, owner);
                return cache;
            });
        }
    }
}
