using Memoize.Storage;
using Memoize.Tags;

namespace Memoize.Tiers;

// Evicting and setting: the farthest tier first and memory last, and memory first as well, so that nobody who asks meanwhile is
// served what is being removed. After it has returned nobody is, in this process; the bus tells the others.
internal sealed partial class TierPipeline<TKey, TValue>
{
    /// <summary>What the tag begins with by which the bus evicts one entry from memory.</summary>
    internal const string KeyTag = "\u0001key:";

    // Tiers that the method does not name any longer. They may be named again, with all that was evicted meanwhile.
    private CacheTier[] left = [];

    /// <summary>All tiers that may have something of the method: those where it looks, nearest first, and those where it once did.</summary>
    private CacheTier[] Reached
    {
        get
        {
            var now = Tiers;
            return left.Length == 0 ? now : [.. now, .. left.Where(tier => TierRegistry.Has(tier) && Array.IndexOf(now, tier) < 0)];
        }
    }

    private CacheTier[] Choose(string names)
    {
        lock (Fence)
        {
            var next = TierRegistry.Choose(names);
            left = [.. left.Union(tiers.Tiers).Where(TierRegistry.Has)];
            tiers = next;
            return next.Tiers;
        }
    }

    /// <summary>Adds what the bus needs to find the entry of a key.</summary>
    internal EntryRules<TValue> Tagged(TKey key, EntryRules<TValue> rules)
        => HasBus ? rules with { Tags = [.. rules.Tags ?? [], TagOf(key)] } : rules;

    internal EntryTag[]? Tagged(TKey key, EntryTag[]? tags) => HasBus ? [.. tags ?? [], TagOf(key)] : tags;

    internal async ValueTask<bool> EvictAsync(TKey key)
    {
        var had = cache.Remove(key);
        var all = Reached;
        if (all.Length > 0)
            await BoundedAsync(all, ChangeAsync(key, all, set: null)).ConfigureAwait(false);
        return had;
    }

    /// <summary>Stores a value that did not come from a load.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="terms">What the rules say about it.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="kept">What memory made of it.</param>
    internal async ValueTask SetAsync(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, Kept kept)
    {
        var all = Reached;
        if (all.Length == 0)
            return;

        var isStored = kept is Kept.Stored or Kept.RefusedAsTooHeavy;
        var set = new NewValue(value, isStored ? LifetimeOf(value, terms) : 0, TagsOf(tags), isStored);
        await BoundedAsync(all, ChangeAsync(key, all, set)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ClearTiersAsync()
    {
        var all = Reached;
        for (var i = all.Length - 1; i >= 0; i--)
            await all[i].RenewAsync(SharedKeys.StampOfMethod(all[i], Name)).ConfigureAwait(false);
        await BusListener.PublishAsync(all, BusMessage.Clear, Name).ConfigureAwait(false);
    }

    private bool HasBus => Array.Exists(Tiers, static tier => tier.Bus is not null);

    private EntryTag TagOf(TKey key) => EntryTag.Of(KeyTag + TextOf(key));

    private async Task ChangeAsync(TKey key, CacheTier[] all, NewValue? set)
    {
        var whole = TextOf(key);
        var keys = Array.ConvertAll(all, tier => SharedKeys.InStore(tier, whole));
        var writing = Fence.BeginChange(key);
        try
        {
            // Nothing that a tier has of the key is believed from here on.
            for (var i = 0; i < all.Length; i++)
                all[i].Distrust(keys[i]);
            await writing.ConfigureAwait(false);

            var created = Now;
            var writer = set is { IsStored: true } ? new PayloadWriter<TKey, TValue>(this, whole, set.Value, created, set.Lifetime == 0 ? 0 : created + set.Lifetime) : null;
            for (var i = all.Length - 1; i >= 0; i--)
            {
                await all[i].RemoveAsync(keys[i]).ConfigureAwait(false);
                if (writer is null || !Uses(all[i]))
                    continue;
                if (await all[i].StampsAsync(StampKeys(all[i], set!.Tags), CancellationToken.None).ConfigureAwait(false) is { } stamps)
                    await writer.WriteAsync(all[i], keys[i], stamps, lease: null).ConfigureAwait(false);
                else
                    Interlocked.Increment(ref all[i].Counters.NotStoredFailed);
            }
        }
        finally
        {
            Fence.EndChange(key);
        }

        // What a call has found in a tier meanwhile. What was set stays: it is newer than all that tiers had.
        if (set is null)
            cache.Remove(key);
        await BusListener.PublishAsync(all, BusMessage.Key, whole).ConfigureAwait(false);
    }

    internal string[] StampKeys(CacheTier tier, string[] tags)
    {
        var keys = new string[tags.Length + 1];
        keys[0] = SharedKeys.StampOfMethod(tier, Name);
        for (var i = 0; i < tags.Length; i++)
            keys[i + 1] = SharedKeys.StampOfTag(tier, tags[i]);
        return keys;
    }

    // Who changes something waits for the tiers as long as who reads; what is not done by then is owed, and goes on.
    private static async ValueTask BoundedAsync(CacheTier[] all, Task change)
    {
        try
        {
            await change.WaitAsync(TimeSpan.FromSeconds(all.Sum(static tier => tier.Options.Timeout))).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    private sealed record NewValue(TValue Value, long Lifetime, string[] Tags, bool IsStored);
}
