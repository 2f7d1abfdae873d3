namespace Memoize.Tiers;

/// <summary>
/// How long a load waits for another process that loads its key: as long as a lease lasts, counted anew when the lease has gone to somebody
/// else, and twice as long altogether. Then whoever it is is slower than the original can be asked.
/// </summary>
/// <param name="options">The duration of a lease, and the clock.</param>
internal sealed class LeaseWait(CacheTierOptions options)
{
    // A store that counts whole seconds may give a lease on so much later than it was to end; who had given up by then would not be handed it.
    private const double Overrun = 2;

    private readonly long began = options.TimeProvider.GetTimestamp();
    private long since = options.TimeProvider.GetTimestamp();
    private long? holder;

    /// <summary>Somebody has the lease.</summary>
    /// <param name="now">What tells his lease from others; null if the store does not say.</param>
    /// <returns>Whether to wait for him.</returns>
    internal bool GoesOn(long? now)
    {
        if (holder is not null && now is not null && now != holder)
            since = options.TimeProvider.GetTimestamp();
        holder = now ?? holder;
        return Since(since) <= options.LeaseDuration + Overrun && Since(began) <= 2 * options.LeaseDuration;
    }

    private double Since(long time) => options.TimeProvider.GetElapsedTime(time).TotalSeconds;
}
