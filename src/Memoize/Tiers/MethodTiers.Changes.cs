namespace Memoize.Tiers;

// Evicting and setting: the farthest tier first and memory last, and memory first as well, so that nobody who asks meanwhile is
// served what is being removed. After it has returned nobody is, in this process; the bus tells the others.
internal sealed partial class MethodTiers<TKey>
{
    /// <summary>Removes the entry of a key, whoever's it is.</summary>
    internal async ValueTask<bool> EvictAsync(TKey key)
    {
        var had = forget(key);
        await ChangeAsync(key, forgets: true, []).ConfigureAwait(false);
        return had;
    }

    /// <summary>The same on the caller's thread.</summary>
    internal bool Evict(TKey key)
    {
        var had = forget(key);
        Change(key, forgets: true, []);
        return had;
    }

    /// <summary>Replaces what the tiers have of a key by what is written to each of them, if anything.</summary>
    internal ValueTask SetAsync(TKey key, IReadOnlyList<Func<CacheTier, Task>> writes) => ChangeAsync(key, forgets: false, writes);

    /// <summary>The same on the caller's thread.</summary>
    internal void Set(TKey key, IReadOnlyList<Func<CacheTier, Task>> writes) => Change(key, forgets: false, writes);

    /// <inheritdoc/>
    public void ClearTiers()
    {
        // A stamp in each, and a message.
        if (Reached is { Length: > 0 } all)
            BlockedCaller.Stay(ClearTiersAsync().AsTask(), 2 * CacheTier.PatienceWith(all));
    }

    /// <inheritdoc/>
    public async ValueTask ClearTiersAsync()
    {
        var all = Reached;
        for (var i = all.Length - 1; i >= 0; i--)
            await all[i].RenewMethodAsync(method.Name).ConfigureAwait(false);
        await BusListener.PublishAsync(all, BusMessage.Clear, method.Name).ConfigureAwait(false);
    }

    // Who changes something waits for the tiers as long as who reads; what is not done by then is owed, and goes on.
    private async ValueTask ChangeAsync(TKey key, bool forgets, IReadOnlyList<Func<CacheTier, Task>> writes)
    {
        var all = Reached;
        if (all.Length == 0)
            return;

        try
        {
            await ChangeAsync(key, all, forgets, writes).WaitAsync(CacheTier.PatienceWith(all)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Leave(key, forgets);
        }
    }

    private void Change(TKey key, bool forgets, IReadOnlyList<Func<CacheTier, Task>> writes)
    {
        if (Reached is { Length: > 0 } all && !BlockedCaller.Stay(ChangeAsync(key, all, forgets, writes), CacheTier.PatienceWith(all)))
            Leave(key, forgets);
    }

    // What the change does at its end is done for its caller now: a load may have found the old value before the tiers were distrusted, and
    // since then none does.
    private void Leave(TKey key, bool forgets)
    {
        if (forgets)
            forget(key);
    }

    private async Task ChangeAsync(TKey key, CacheTier[] all, bool forgets, IReadOnlyList<Func<CacheTier, Task>> writes)
    {
        var whole = TextOf(key);
        var keys = Array.ConvertAll(all, tier => SharedKeys.InStore(tier, whole));
        var writing = Fence.BeginChange(key);
        try
        {
            // Nothing that a tier has of the key is believed from here on.
            for (var i = 0; i < all.Length; i++)
                all[i].Distrust(keys[i], method.Name);
            await writing.ConfigureAwait(false);

            for (var i = all.Length - 1; i >= 0; i--)
            {
                await all[i].RemoveAsync(keys[i], method.Name).ConfigureAwait(false);
                if (!Uses(all[i]))
                    continue;
                foreach (var write in writes)
                    await write(all[i]).ConfigureAwait(false);
            }
        }
        finally
        {
            Fence.EndChange(key);
        }

        // What a call has found in a tier meanwhile. What was set stays: it is newer than all that tiers had.
        if (forgets)
            forget(key);
        await BusListener.PublishAsync(all, BusMessage.Key, whole).ConfigureAwait(false);
    }
}
