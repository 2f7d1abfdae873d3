namespace Memoize.Tiers;

// Looking once more with the lease of a value that was of no use: whoever had the lease before may have stored another one between the look and
// the lease, and that is not to be loaded again.
internal sealed partial class TierLoad<TKey, TValue>
{
    /// <summary>
    /// Looks once more for values whose leases these loads have been given: from then on no other load stores them. Those that have one of use have it as
    /// their source afterwards, and their leases go back when they finish.
    /// </summary>
    /// <param name="tier">The tier.</param>
    /// <param name="at">Its place.</param>
    /// <param name="leased">Loads that have leases of this tier in their slots.</param>
    /// <param name="seen">What each of them has found to be of no use.</param>
    /// <param name="caller">Who waits for it.</param>
    private static async ValueTask LookAgainAsync(CacheTier tier, int at, TierLoad<TKey, TValue>[] leased, ReadOnlyMemory<byte>[] seen, TierCaller caller)
    {
        var keys = Array.ConvertAll(leased, load => load.slots[at].Key);
        var stampKeys = Array.ConvertAll(leased, load => load.StampKeysIn(tier));
        var known = await tier.LookAgainAsync(keys, [.. stampKeys.SelectMany(static own => own).Distinct(StringComparer.Ordinal)], caller).ConfigureAwait(false);
        for (var i = 0; i < leased.Length; i++)
        {
            if (StampsOf(stampKeys[i], known) is not { } stamps)
                continue;

            // The original begins later than this, so they vouch for what it returns, too: with older ones it would be stored in vain.
            var load = leased[i];
            load.slots[at] = load.slots[at] with { Stamps = stamps };
            if (known.TryGetValue(keys[i], out var bytes) && !seen[i].Span.SequenceEqual(bytes) && load.Accept(tier, bytes, stamps))
            {
                load.source = at;
                Interlocked.Increment(ref tier.Counters.Hits);
            }
        }
    }
}
