using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memoize.Isolation;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// The caches of a method behind the decorator door: one for each registration of its interface, or for each decorator that somebody
/// constructed. A cache lives as long as its owner. For generated code; safe for use by many threads.
/// </summary>
/// <remarks>
/// All of them count into one set of statistics. What is evicted or set here is evicted or set in all of them.
/// </remarks>
/// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DecoratorCaches<TKey, TValue> : IMethodCaches
    where TKey : IEquatable<TKey>
{
    private readonly CachedMethod method;
    private readonly bool tasks;
    private readonly CallCounters counters = new();
    private readonly ConditionalWeakTable<object, MethodCache<TKey, TValue>> caches = new();

    internal DecoratorCaches(CachedMethod method, bool tasks)
    {
        this.method = method;
        this.tasks = tasks;
    }

    int IMethodCaches.Count => caches.Sum(static pair => pair.Value.Count);

    CacheStatistics IMethodCaches.Counts => CacheDomain.Current.Of(counters).Snapshot(0, 0);

    CacheStatistics IMethodCaches.Statistics => CacheDomain.Current.Of(counters).Snapshot(caches.Sum(static pair => pair.Value.Count), caches.Sum(static pair => pair.Value.Weight));

    /// <summary>The cache that belongs to an owner; made when it is first asked for.</summary>
    /// <param name="owner">What stands for the registration.</param>
    /// <returns>Always the same cache for the same owner.</returns>
    public MethodCache<TKey, TValue> For(object owner)
        => caches.TryGetValue(owner, out var cache) ? cache : Create(owner);

    /// <summary>The cache that a decorator uses.</summary>
    /// <param name="service">A generated decorator.</param>
    /// <returns>The cache of its registration.</returns>
    /// <exception cref="ArgumentException"><paramref name="service"/> is no generated decorator, so it has no cache.</exception>
    public MethodCache<TKey, TValue> Behind(object service)
        => service is ICachedDecorator decorator
            ? For(decorator.Owner)
            : throw new ArgumentException(
                $"{method.Name}: a {service?.GetType().Name ?? "null"} has no cache. Give the generated decorator: what the container gives for the interface, or one that you constructed.",
                nameof(service));

    /// <summary>Removes an entry from every cache, as <see cref="MethodCache{TKey, TValue}.Evict"/> does from one.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether one of them had it.</returns>
    public bool Evict(TKey key)
    {
        var any = false;
        foreach (var (_, cache) in caches)
            any |= cache.Evict(key);
        return any;
    }

    /// <summary>Looks into one cache after the other, as <see cref="MethodCache{TKey, TValue}.Peek"/> does into one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value of the first that has one.</param>
    /// <returns>Whether one of them has it.</returns>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        foreach (var (_, cache) in caches)
        {
            if (cache.Peek(key, out value))
                return true;
        }

        value = default;
        return false;
    }

    /// <summary>Remembers a value in every cache there is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    public void Set(TKey key, TValue value)
    {
        foreach (var (_, cache) in caches)
            cache.Set(key, value);
    }

    /// <summary>Remembers a value in every cache there is, under the rules of the method.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules) => Set(key, value, rules, update: null);

    /// <summary>The same for the result of a write.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        foreach (var (_, cache) in caches)
            cache.Set(key, value, rules, update);
    }

    /// <summary>Removes all entries that have all of the tags, as <see cref="MethodCache{TKey, TValue}.EvictWhere"/> does in one cache.</summary>
    /// <param name="tags">The tags; null for one that does not matter, but at least one that does.</param>
    /// <returns>How many entries there were, in all caches.</returns>
    public int EvictWhere(params EntryTag?[] tags)
    {
        var evicted = 0;
        foreach (var (_, cache) in caches)
            evicted += cache.EvictWhere(tags);
        return evicted;
    }

    IEnumerable<CacheEntry> IMethodCaches.Entries() => caches.SelectMany(static pair => pair.Value.EntriesOf(null));

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

    private MethodCache<TKey, TValue> Create(object owner)
    {
        lock (Memo.Gate)
            return caches.GetValue(owner, _ => new MethodCache<TKey, TValue>(method, counters, shared: true, tasks, CacheDomain.Process));
    }
}
