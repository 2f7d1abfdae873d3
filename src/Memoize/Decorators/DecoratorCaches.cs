using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Memoize.Isolation;
using Memoize.Tags;
using Memoize.Tiers;

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
    internal DecoratorCaches(CachedMethod method, bool tasks, TierCodec<TKey>? codec)
        : base(method, shared: true, tasks) => Tiers = codec is null ? null : new(method, codec, Forget);

    /// <summary>What the tiers have of the method, whoever's cache lies before them; null for memory alone.</summary>
    internal MethodTiers<TKey>? Tiers { get; }

    // What a test has isolated is isolated from the tiers too.
    private MethodTiers<TKey>? TiersHere => CacheDomain.Current == CacheDomain.Process ? Tiers : null;

    private protected override void Prepare(MethodCache<TKey, TValue> cache, object owner)
    {
        if (Tiers is { } tiers)
            cache.PutBefore(tiers, owner);
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
    /// <remarks>
    /// Where there are tiers, it is removed from them too, whatever registration of whatever process it belongs to, and the caller waits
    /// for them, but no longer than their timeouts; <see cref="EvictAsync"/> does not hold its thread meanwhile.
    /// </remarks>
    public bool Evict(TKey key) => TiersHere is { } tiers ? tiers.Evict(key) : Forget(key);

    /// <summary>The same as <see cref="Evict"/> without holding the thread while the tiers work.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether one of the caches in memory had it.</returns>
    public ValueTask<bool> EvictAsync(TKey key) => TiersHere is { } tiers ? tiers.EvictAsync(key) : new(Forget(key));

    private bool Forget(TKey key)
    {
        var any = false;
        foreach (var cache in All)
            any |= cache.Forget(key);
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
    public void Set(TKey key, TValue value) => Set(key, value, default, update: null);

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
        if (SetInMemory(key, value, rules, update) is not { } writes)
            Evict(key);
        else
            TiersHere?.Set(key, writes);
    }

    /// <summary>The same without holding the thread while the tiers work.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    public async ValueTask SetAsync(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        if (SetInMemory(key, value, rules, update) is not { } writes)
            await EvictAsync(key).ConfigureAwait(false);
        else if (TiersHere is { } tiers)
            await tiers.SetAsync(key, writes).ConfigureAwait(false);
    }

    // What writes the value to a tier; null where the entry is to be removed everywhere.
    private List<Func<CacheTier, Task>>? SetInMemory(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        MethodCache<TKey, TValue>[] caches = [.. All];
        if (update is not null && caches.Length > 1)
            return null;

        List<Func<CacheTier, Task>> writes = [];
        foreach (var cache in caches)
        {
            if (cache.SetInMemory(key, value, rules, update) is { } write)
                writes.Add(write);
        }

        return writes;
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
        ForgetInOthers(own, key, update);
    }

    /// <summary>The same without holding the thread while the tiers work.</summary>
    /// <param name="service">A generated decorator of the registration.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">What the method's attribute says about it.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="service"/> is no generated decorator, so it has no cache.</exception>
    public async ValueTask SetAsync(object service, TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        var own = Behind(service);
        await own.SetAsync(key, value, rules, update).ConfigureAwait(false);
        ForgetInOthers(own, key, update);
    }

    // At the end, because a load of theirs may have found the old value in a tier meanwhile. Of what was no write, only the same
    // registration in another container of this process must know.
    private void ForgetInOthers(MethodCache<TKey, TValue> own, TKey key, CacheUpdate? update)
    {
        foreach (var cache in All)
        {
            if (cache != own && (update is not null || cache.SharesWith(own)))
                cache.Forget(key);
        }
    }

    /// <summary>Removes all entries that have all of the tags, as <see cref="MethodCache{TKey, TValue}.EvictWhere"/> does in one cache.</summary>
    /// <param name="tags">The tags; null for one that does not matter, but at least one that does.</param>
    /// <returns>How many entries there were, in all caches.</returns>
    public int EvictWhere(params EntryTag?[] tags)
    {
        var given = MethodCache<TKey, TValue>.Given(tags);
        Method.TouchTagged(given);
        var evicted = All.Sum(cache => cache.ForgetWhere(given));
        if (TiersHere is { } tiers)
        {
            // Tiers know no parts of keys: everything of the method goes there, and comes back load by load.
            tiers.ClearTiers();
            evicted += All.Sum(cache => cache.ForgetWhere(given));
        }

        return evicted;
    }
}
