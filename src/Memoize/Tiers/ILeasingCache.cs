using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

/// <summary>
/// A store that lets one process of many load a missing value, and that never takes a value whose load began before an eviction. Both
/// are the same thing, a <em>lease</em>: who misses is given one if nobody else has it, and only with it may the value be stored. Safe
/// for use by many threads.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="IDistributedCache.Remove"/> and <see cref="IDistributedCache.Set"/> (and their asynchronous twins) end the lease of the
/// key, whoever holds it: what its holder loads is from before. A lease also ends after its duration, so that a holder that died
/// holds nobody up for longer; one that is still loading renews it in time (<see cref="RenewAsync"/>), which brings back no lease that
/// has ended.
/// </para>
/// <para>Looking, deciding and marking are one atomic step in the store, for all processes that use it.</para>
/// </remarks>
public interface ILeasingCache : IBufferDistributedCache
{
    /// <summary>Reads a value; if there is none, asks for the lease of the key in the same step.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value is written, if there is one.</param>
    /// <param name="duration">How long the lease is good for, if it is given.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>That the value was written, or the lease, or neither: somebody else has it, and the value may be there soon. A store that knows says which lease that is.</returns>
    ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default);

    /// <summary>
    /// The same for who has just looked, together with other keys (<see cref="IBatchReads"/>), and has found nothing. A store that begins by a
    /// look which costs a trip of its own leaves that out; one that implements nothing here looks as always.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value is written, if there is one by now.</param>
    /// <param name="duration">How long the lease is good for, if it is given.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>What <see cref="GetOrLeaseAsync"/> does: looking and asking for the lease are still one step in the store.</returns>
    ValueTask<LeasedRead> GetMissedOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
        => GetOrLeaseAsync(key, destination, duration, token);

    /// <summary>Asks for the lease of a key whether or not there is a value, which stays: for renewing it early.</summary>
    /// <param name="key">The key.</param>
    /// <param name="duration">How long the lease is good for.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>The lease, or that somebody else has it; never a value.</returns>
    ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default);

    /// <summary>Stores a value if the lease is still good, and ends the lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">When it expires.</param>
    /// <param name="lease">The lease that was given for this key.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>Whether it was stored; false if the lease has expired, was given back, or was ended by an eviction or another value.</returns>
    ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default);

    /// <summary>Stores a value and says what became of it: for a store that does not throw when it cannot take one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">When it expires.</param>
    /// <param name="lease">The lease that was given for this key; null to store in any case, which ends whatever lease there is.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>What became of it. Unless the value was stored, no lease is left either.</returns>
    /// <remarks>A store that implements nothing of its own here says by exceptions that it has failed.</remarks>
    async ValueTask<StoreOutcome> StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token = default)
    {
        if (lease is { } held)
            return await SetAsync(key, value, options, held, token).ConfigureAwait(false) ? StoreOutcome.Stored : StoreOutcome.LeaseEnded;
        await SetAsync(key, value, options, token).ConfigureAwait(false);
        return StoreOutcome.Stored;
    }

    /// <summary>
    /// Begins the duration of a lease anew, if it is still good: whether it is, and the new end, are one step in the store. What has ended,
    /// by its time, an eviction or another value, stays ended, and what somebody else has been given meanwhile is his.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="lease">The lease that was given for this key. It stays the same, and others go on seeing the same number (<see cref="LeasedRead.Holder"/>).</param>
    /// <param name="duration">How long it is good for from now on.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>Whether it is good. A store may also say by an exception that it has failed.</returns>
    /// <remarks>The lease may be used or given back while this is under way.</remarks>
    ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default);

    /// <summary>Gives a lease back without a value, for example because the load has failed. Does nothing if it is no longer good.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="token">Cancels the wait.</param>
    ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default);
}
