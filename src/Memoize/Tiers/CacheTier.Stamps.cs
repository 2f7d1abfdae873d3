using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Memoize.Tiers;

// A stamp that is not there is made by whoever needs it: before the load begins, so that what was there before an eviction carries a
// stamp from before it.
public sealed partial class CacheTier
{
    private static readonly TimeSpan StampLease = TimeSpan.FromSeconds(1);

    /// <summary>The stamp under a key. Null if the store has none and takes none, or somebody else takes too long to make it.</summary>
    private async Task<byte[]?> StampAsync(string key, TierCaller caller)
    {
        if (Leases is not null)
            return await LeasedStampAsync(Leases, key, caller).ConfigureAwait(false);
        if (await GetAsync(key, caller).ConfigureAwait(false) is { Length: StampLength } stamp)
            return stamp;

        var made = NewStamp();
        var asked = Options.TimeProvider.GetTimestamp();
        await Within(Store.SetAsync(key, made, Lasting, caller.Token), asked, caller).ConfigureAwait(false);
        return made;
    }

    // Processes that start together need it together. If each made one, the last would turn away all that the others store.
    private async Task<byte[]?> LeasedStampAsync(ILeasingCache leases, string key, TierCaller caller)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var stamp = new ArrayBufferWriter<byte>(StampLength);
            var asked = Options.TimeProvider.GetTimestamp();
            var read = await LeasedWithin(leases.GetOrLeaseAsync(key, stamp, StampLease, caller.Token), key, asked, caller).ConfigureAwait(false);
            if (read.Found && stamp.WrittenCount == StampLength)
                return stamp.WrittenMemory.ToArray();

            // What is there and is no stamp is not ours, and is replaced, unless another has done so meanwhile.
            if (read.Found)
            {
                asked = Options.TimeProvider.GetTimestamp();
                read = await LeasedWithin(leases.LeaseAsync(key, StampLease, caller.Token), key, asked, caller).ConfigureAwait(false);
                if (read.Lease is { } given && await GetAsync(key, caller).ConfigureAwait(false) is { Length: StampLength } replaced)
                {
                    ReleaseLater(key, given);
                    return replaced;
                }
            }

            if (read.Lease is { } held)
            {
                var made = NewStamp();
                asked = Options.TimeProvider.GetTimestamp();
                var outcome = await Within(leases.StoreAsync(key, new ReadOnlySequence<byte>(made), Lasting, held, caller.Token), asked, caller).ConfigureAwait(false);
                if (outcome is not (StoreOutcome.LeaseEnded or StoreOutcome.LeaseLost))
                    return outcome == StoreOutcome.Stored ? made : null;
            }

            if (waited.Elapsed.TotalSeconds > Options.Timeout || !caller.MayPause())
                return null;
            await caller.PauseAsync(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        }
    }

    private static byte[] NewStamp() => RandomNumberGenerator.GetBytes(StampLength);
}
