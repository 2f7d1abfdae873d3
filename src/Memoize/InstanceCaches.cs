using System.ComponentModel;
using System.Runtime.CompilerServices;
using Memoize.Isolation;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// The caches of a method that gives every instance its own. An instance's cache lives exactly as long as the instance: it does not
/// keep it alive, not even when a remembered value refers to it. For generated code; safe for use by many threads.
/// </summary>
/// <remarks>
/// All of them count into one set of statistics, so that the numbers of the method outlive its instances and an instance's cache
/// stays small.
/// </remarks>
/// <typeparam name="TReceiver">The type that declares the method.</typeparam>
/// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class InstanceCaches<TReceiver, TKey, TValue> : IMethodCaches
    where TReceiver : class
    where TKey : IEquatable<TKey>
{
    private readonly CachedMethod method;
    private readonly bool tasks;
    private readonly CallCounters counters = new();
    private readonly ConditionalWeakTable<TReceiver, MethodCache<TKey, TValue>> caches = new();

    internal InstanceCaches(CachedMethod method, bool tasks)
    {
        this.method = method;
        this.tasks = tasks;
    }

    /// <summary>The cache of an instance; made at the first call.</summary>
    /// <param name="instance">The receiver of the call.</param>
    /// <returns>Always the same cache for the same instance.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="instance"/> is null.</exception>
    public MethodCache<TKey, TValue> For(TReceiver instance)
        => caches.TryGetValue(instance, out var cache) ? cache : Create(instance);

    int IMethodCaches.Count => caches.Sum(static pair => pair.Value.Count);

    CacheStatistics IMethodCaches.Counts => CacheDomain.Current.Of(counters).Snapshot(0, 0);

    CacheStatistics IMethodCaches.Statistics => CacheDomain.Current.Of(counters).Snapshot(caches.Sum(static pair => pair.Value.Count), caches.Sum(static pair => pair.Value.Weight));

    IEnumerable<CacheEntry> IMethodCaches.Entries()
        => caches.SelectMany(static pair => pair.Value.EntriesOf(CacheEntry.NameOf(pair.Key)));

    void IMethodCaches.Clear()
    {
        foreach (var (_, cache) in caches)
            cache.Clear();
    }

    int IMethodCaches.EvictTag(EntryTag tag)
    {
        var evicted = 0;
        foreach (var (_, cache) in caches)
            evicted += ((IMethodCaches)cache).EvictTag(tag);
        return evicted;
    }

    private MethodCache<TKey, TValue> Create(TReceiver instance)
    {
        lock (Memo.Gate)
            return caches.GetValue(instance, _ => new MethodCache<TKey, TValue>(method, counters, shared: false, tasks, CacheDomain.Process));
    }
}
