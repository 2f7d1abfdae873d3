namespace Memoize.Tiers;

// A load that is one of several, which look in the tiers together and of which the original loads only the rest.
internal sealed partial class TierLoad<TKey, TValue>
{
    // Which tier is asked next.
    private int next;
    private LeaseWait? waiting;

    /// <summary>The value, where a tier had it.</summary>
    internal TValue Found => found;

    /// <summary>Whether there is nothing left to be asked, and no tier had the value.</summary>
    internal bool IsMissing => source is null && next >= tiers.Length;

    /// <summary>
    /// Asks for all of the loads, nearest tier first. Afterwards each has its value, or is missing everywhere, or waits for
    /// another process that loads it.
    /// </summary>
    /// <param name="loads">Loads of one method that have begun and look in the same tiers.</param>
    /// <param name="caller">Who waits for it.</param>
    internal static ValueTask LookAsync(TierLoad<TKey, TValue>[] loads, TierCaller caller) => loads[0].LookForAllAsync(loads, caller);

    /// <summary>Nobody is to wait until another process has loaded it: it is missing.</summary>
    internal void LoadHere() => next = tiers.Length;

    /// <summary>How long to wait before looking again, when all that is left is being loaded elsewhere.</summary>
    internal static TimeSpan PauseAfter(int looks) => TimeSpan.FromMilliseconds(Math.Min(ShortestPause << Math.Min(looks, 8), LongestPause));

    private async ValueTask LookForAllAsync(TierLoad<TKey, TValue>[] loads, TierCaller caller)
    {
        for (var at = 0; at < tiers.Length; at++)
        {
            if (Array.FindAll(loads, load => load.source is null && load.next == at) is { Length: > 0 } asking)
                await LookInAsync(tiers[at], at, asking, caller).ConfigureAwait(false);
        }
    }

    private static async ValueTask LookInAsync(CacheTier tier, int at, TierLoad<TKey, TValue>[] asking, TierCaller caller)
    {
        var keys = Array.ConvertAll(asking, load => SharedKeys.InStore(tier, load.Place.Store));
        var reads = await tier.ReadManyAsync(keys, caller).ConfigureAwait(false);

        // Whatever happens now, who holds a lease gives it back in the end.
        for (var i = 0; i < asking.Length; i++)
            asking[i].slots[at] = new(keys[i], [], tier.Hold(keys[i], reads[i].Lease, caller.Token), MayStore: false);

        // A stamp is read after the payload that it vouches for, or an eviction between the two would not be seen.
        var stampKeys = Array.ConvertAll(asking, load => load.StampKeysIn(tier));
        string[] wanted = [.. stampKeys.Where((_, i) => reads[i].Answer is not (TierAnswer.Unavailable or TierAnswer.Busy)).SelectMany(static own => own).Distinct(StringComparer.Ordinal)];
        var known = wanted.Length == 0 ? [] : await tier.StampsOfManyAsync(wanted, caller).ConfigureAwait(false);

        List<int> useless = [];
        for (var i = 0; i < asking.Length; i++)
        {
            if (!asking[i].Take(at, keys[i], reads[i], StampsOf(stampKeys[i], known)))
                useless.Add(i);
        }

        if (useless.Count == 0)
            return;

        var leases = await tier.LeaseManyAsync([.. useless.Select(i => keys[i])], caller).ConfigureAwait(false);
        for (var i = 0; i < leases.Length; i++)
        {
            var load = asking[useless[i]];
            load.slots[at] = load.slots[at] with { Lease = tier.Hold(load.slots[at].Key, leases[i].Lease, caller.Token) };
        }

        if (useless.FindAll(i => asking[i].slots[at].Lease is not null) is { Count: > 0 } leased)
            await LookAgainAsync(tier, at, [.. leased.Select(i => asking[i])], [.. leased.Select(i => reads[i].Payload)], caller).ConfigureAwait(false);
        for (var i = 0; i < leases.Length; i++)
        {
            var load = asking[useless[i]];
            if (load.source is null)
                load.Take(at, load.slots[at].Key, leases[i], load.slots[at].Stamps);
        }
    }

    // Whether the answer is one. What is of no use is still to be leased.
    private bool Take(int at, string storeKey, TierRead read, byte[]? stamps)
    {
        var tier = tiers[at];
        switch (read.Answer)
        {
            case TierAnswer.Busy when (waiting ??= new(tier.Options)).GoesOn(read.Holder):
                // Somebody else loads it: what he stores is there soon.
                return true;
            case TierAnswer.Payload when stamps is not null && Accept(tier, read.Payload, stamps):
                source = at;
                Interlocked.Increment(ref tier.Counters.Hits);
                return true;
            case TierAnswer.Payload when stamps is not null:
                slots[at] = new(storeKey, stamps, null, MayStore: false);
                return false;
            case TierAnswer.Nothing when stamps is not null:
                Interlocked.Increment(ref tier.Counters.Misses);
                slots[at] = slots[at] with { Stamps = stamps, MayStore = true };
                break;
            case TierAnswer.Nothing when read.Lease is { } held:
                // Nothing will be stored, and nobody is to wait for it.
                slots[at].Lease?.End();
                slots[at] = default;
                tier.ReleaseLater(storeKey, held);
                break;
        }

        next = at + 1;
        waiting = null;
        return true;
    }

    private string[] StampKeysIn(CacheTier tier) => pipeline.Method.StampKeys(tier, tags, Place);

    // One after the other, as one value alone has them; null where one is not to be had, so that nothing is believed or stored.
    private static byte[]? StampsOf(string[] keys, Dictionary<string, byte[]> known)
    {
        var stamps = new byte[keys.Length * CacheTier.StampLength];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!known.TryGetValue(keys[i], out var stamp))
                return null;
            stamp.CopyTo(stamps, i * CacheTier.StampLength);
        }

        return stamps;
    }
}
