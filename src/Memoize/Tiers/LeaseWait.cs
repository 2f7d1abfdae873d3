namespace Memoize.Tiers;

/// <summary>
/// How long a load waits for another process that loads its key. One that holds a lease for longer than it lasts renews it, so it is at
/// work, and is waited for up to the longest load that there may be. Where it dies or fails, the lease goes to somebody else, who gets the
/// same time; once more than two leases would have lasted, that happens once. Then whoever it is is slower than the original can be asked.
/// </summary>
/// <param name="options">The duration of a lease, the longest load, and the clock.</param>
internal sealed class LeaseWait(CacheTierOptions options)
{
    // A store that counts whole seconds may give a lease on so much later than it was to end; who had given up by then would not be handed it.
    private const double Overrun = 2;

    private readonly long began = options.TimeProvider.GetTimestamp();
    private long since = options.TimeProvider.GetTimestamp();
    private long? holder;
    private int changes;

    /// <summary>Somebody has the lease.</summary>
    /// <param name="now">What tells his lease from others; null if the store does not say.</param>
    /// <returns>Whether to wait for him.</returns>
    internal bool GoesOn(long? now)
    {
        if (holder is not null && now is not null && now != holder)
        {
            since = options.TimeProvider.GetTimestamp();
            if (++changes > 1 && Since(began) > 2 * options.LeaseDuration)
                return false;
        }

        // Where the store does not say who it is, it may be another one each time.
        holder = now ?? holder;
        return Since(since) <= options.LeaseDuration + Overrun + (holder is null ? 0 : options.LongestLoad);
    }

    private double Since(long time) => options.TimeProvider.GetElapsedTime(time).TotalSeconds;
}
