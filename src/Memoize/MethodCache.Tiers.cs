using Memoize.Flights;
using Memoize.Tiers;

namespace Memoize;

// What lies behind memory. A flight looks there before it runs the original; the rest of the cache knows memory only.
public sealed partial class MethodCache<TKey, TValue>
{
    private TierPipeline<TKey, TValue>? tiers;

    /// <summary>The cache of a plain method.</summary>
    internal MethodTiers<TKey> PutBefore(TierCodec<TKey> codec)
    {
        var method = new MethodTiers<TKey>(Method, codec, Remove);
        PutBefore(method, owner: null);
        return method;
    }

    /// <summary>The cache of one registration. It has not been used yet.</summary>
    internal void PutBefore(MethodTiers<TKey> method, object? owner)
    {
        tiers = new(this, method, owner);
        store = NewStore();
    }

    /// <summary>Removes an entry from memory alone.</summary>
    internal bool Forget(TKey key) => Here.Remove(key);

    /// <summary>Whether two caches have their entries in the tiers in common.</summary>
    internal bool SharesWith(MethodCache<TKey, TValue> other)
        => tiers is { Identity: { IsShared: true } own } && other.tiers is { Identity: { IsShared: true } theirs } && own.Text == theirs.Text;

    /// <summary>The same as <see cref="Evict"/> without holding the thread while the tiers work.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was an entry in memory.</returns>
    public ValueTask<bool> EvictAsync(TKey key)
    {
        var here = Here;
        return here.tiers is { } tiers ? tiers.EvictAsync(key) : new(here.Remove(key));
    }

    /// <summary>The same as <see cref="Set(TKey, TValue, EntryRules{TValue}, CacheUpdate?)"/> without holding the thread while the tiers work.</summary>
    /// <remarks>
    /// The result of a write (<paramref name="update"/>) is not stored in the tiers, where another process may have written something
    /// else a moment later: what they have is removed, and the next load brings what is true.
    /// </remarks>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">Whether and how the value is remembered.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    /// <exception cref="Exception">Whatever <see cref="EntryRules{TValue}.Terms"/> throws.</exception>
    public ValueTask SetAsync(TKey key, TValue value, EntryRules<TValue> rules = default, CacheUpdate? update = null)
    {
        var terms = TermsOf(key, value, rules);
        var here = Here;
        var kept = here.Put(key, value, terms, rules.Tags, update);
        return here.tiers is { } tiers
            ? tiers.SetAsync(key, value, terms, rules.Tags, update is null ? kept : Storage.Kept.RefusedByRule)
            : default;
    }

    /// <summary>The same in memory alone.</summary>
    /// <returns>What writes the value to a tier; null where it is not to be there.</returns>
    internal Func<CacheTier, Task>? SetInMemory(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        var terms = TermsOf(key, value, rules);
        var here = Here;
        var kept = here.Put(key, value, terms, rules.Tags, update);
        return update is null ? here.tiers?.WriterOf(key, value, terms, rules.Tags, kept) : null;
    }

    private EntryTerms TermsOf(TKey key, TValue value, EntryRules<TValue> rules)
    {
        try
        {
            return value is null && !Method.CurrentOptions.CacheNull ? default : rules.Terms?.Invoke(value) ?? default;
        }
        catch
        {
            Evict(key);
            throw;
        }
    }

    /// <summary>Adds what the entry can be evicted by from elsewhere, where there is somebody to say so.</summary>
    internal EntryRules<TValue> Findable(TKey key, EntryRules<TValue> rules)
    {
        if (tiers is null)
            return rules;

        var tagged = tiers.Method.Tagged(key, rules);
        MarkTagged(tagged.Tags);
        return tagged;
    }

    /// <summary>
    /// A call was given an old value out of a tier: what the next hit would do is done now, a load in the background, unless somebody
    /// was faster.
    /// </summary>
    internal void RenewOld(TKey key, Func<CancellationToken, Task<TValue>> original, EntryRules<TValue> rules)
    {
        var load = Behind(key, ref rules, Purpose.Background)?.Around(original) ?? original;
        var hashed = new HashedKey<TKey>(key);
        var stripe = flights.StripeOf(hashed);
        KeyedFlight<TKey, TValue>? lead = null;
        lock (stripe)
        {
            if (store.FindDue(key) is { } entry)
                lead = Renew(stripe, hashed, rules, entry);
        }

        lead?.RunInBackground(load);
    }

    // The load of a flight looks in the tiers first. Its rules carry what it found out to where the flight ends.
    private TierLoad<TKey, TValue>? Behind(TKey key, ref EntryRules<TValue> rules, Purpose purpose)
    {
        var load = rules.Tier is null ? tiers!.Begin(key, rules, purpose == Purpose.Refresh) : null;
        if (load is not null)
            rules = rules with { Tier = load };
        return load;
    }
}
