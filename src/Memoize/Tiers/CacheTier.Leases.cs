namespace Memoize.Tiers;

// The leases that loads of this process have.
public sealed partial class CacheTier
{
    private readonly LeaseKeeper? keeper;

    /// <summary>The leases that this process has, and that are not being renewed this moment.</summary>
    internal int LeasesHeld => keeper?.Count ?? 0;

    /// <summary>A load has been given a lease, or none: what it has is renewed until it ends.</summary>
    /// <param name="key">The key in the store.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="abandoned">Cancelled when nobody wants the value of the load any longer.</param>
    internal HeldLease? Hold(string key, CacheLease? lease, CancellationToken abandoned)
        => lease is { } given ? keeper!.Add(key, given, abandoned) : null;

    private void GiveBack(HeldLease held)
    {
        if (!breaker.IsOpen)
            _ = ReleaseAsync(held.Key, held.Lease);
    }

    // Nobody waits for it, and the load goes on whatever becomes of it.
    private async Task<bool> RenewAsync(HeldLease held)
    {
        // What was evicted is loaded in vain.
        if (Owes(held.Key))
            return false;
        if (breaker.IsOpen)
            return true;

        var asked = keeper!.Now;
        using var tooLong = new CancellationTokenSource(keeper.Pause);
        try
        {
            var outcome = await Leases!.RenewAsync(held.Key, held.Lease, TimeSpan.FromSeconds(Options.LeaseDuration), tooLong.Token).AsTask().WaitAsync(tooLong.Token).ConfigureAwait(false);
            if (outcome == LeaseRenewal.Renewed)
                held.Since = asked;
            return outcome != LeaseRenewal.Ended;
        }
        catch (Exception e)
        {
            Fail(e);
            return true;
        }
    }
}
