using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// The caches of a method behind the decorator door: one for each registration of its interface, or for each decorator that somebody
/// constructed; see <see cref="OwnedCaches{TOwner, TKey, TValue}"/>. For generated code; safe for use by many threads.
/// </summary>
/// <remarks>What is evicted or set here is evicted or set in all of them.</remarks>
/// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
/// <typeparam name="TValue">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DecoratorCaches<TKey, TValue> : OwnedCaches<object, TKey, TValue>
    where TKey : IEquatable<TKey>
{
    internal DecoratorCaches(CachedMethod method, bool tasks)
        : base(method, shared: true, tasks)
    {
    }

    /// <summary>The cache that a decorator uses.</summary>
    /// <param name="service">A generated decorator.</param>
    /// <returns>The cache of its registration.</returns>
    /// <exception cref="ArgumentException"><paramref name="service"/> is no generated decorator, so it has no cache.</exception>
    public MethodCache<TKey, TValue> Behind(object service)
        => service is ICachedDecorator decorator
            ? For(decorator.Owner)
            : throw new ArgumentException(
                $"{Method.Name}: a {service?.GetType().Name ?? "null"} has no cache. Give the generated decorator: what the container gives for the interface, or one that you constructed.",
                nameof(service));

    /// <summary>Removes an entry from every cache, as <see cref="MethodCache{TKey, TValue}.Evict"/> does from one.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether one of them had it.</returns>
    public bool Evict(TKey key)
    {
        var any = false;
        foreach (var cache in All)
            any |= cache.Evict(key);
        return any;
    }

    /// <summary>Looks into one cache after the other, as <see cref="MethodCache{TKey, TValue}.Peek"/> does into one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value of the first that has one.</param>
    /// <returns>Whether one of them has it.</returns>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        foreach (var cache in All)
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
        foreach (var cache in All)
            cache.Set(key, value);
    }

    /// <summary>Remembers a value in every cache there is, under the rules of the method.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules) => Set(key, value, rules, update: null);

    /// <summary>
    /// The same for the result of a write. Where there are several caches, nobody knows whose value it is, and the entry is removed from all
    /// of them.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        MethodCache<TKey, TValue>[] caches = [.. All];
        foreach (var cache in caches)
        {
            if (update is not null && caches.Length > 1)
                cache.Evict(key);
            else
                cache.Set(key, value, rules, update);
        }
    }

    /// <summary>Remembers a value in the cache of one registration. Of the result of a write, the others remove what they have of the entry.</summary>
    /// <param name="service">A generated decorator of the registration.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="service"/> is no generated decorator, so it has no cache.</exception>
    public void Set(object service, TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        var own = Behind(service);
        own.Set(key, value, rules, update);
        if (update is null)
            return;

        foreach (var cache in All)
        {
            if (cache != own)
                cache.Evict(key);
        }
    }

    /// <summary>Removes all entries that have all of the tags, as <see cref="MethodCache{TKey, TValue}.EvictWhere"/> does in one cache.</summary>
    /// <param name="tags">The tags; null for one that does not matter, but at least one that does.</param>
    /// <returns>How many entries there were, in all caches.</returns>
    public int EvictWhere(params EntryTag?[] tags)
    {
        var evicted = 0;
        foreach (var cache in All)
            evicted += cache.EvictWhere(tags);
        return evicted;
    }
}
