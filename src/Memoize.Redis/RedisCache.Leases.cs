using System.Buffers;
using System.Security.Cryptography;
using Memoize.Tiers;
using StackExchange.Redis;

namespace Memoize.Redis;

// A lease is a key beside the value, with a number that nobody else has. It expires by itself.
public sealed partial class RedisCache
{
    // There is no value, and no memory for a lease: the caller loads, and nothing is stored.
    private static readonly CacheLease OfFullServer = new(0);

    /// <inheritdoc/>
    /// <remarks>A value costs a bare GET; only where there is none, a second round trip looks again and asks for the lease in one step.</remarks>
    public async ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        if (await TryGetAsync(key, destination, token).ConfigureAwait(false))
            return LeasedRead.Value;
        return await GetMissedOrLeaseAsync(key, destination, duration, token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>One round trip. A server without memory for the lease gives one that stores nothing.</remarks>
    public async ValueTask<LeasedRead> GetMissedOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var (lease, milliseconds) = NewLease(duration);
        var stored = keys.Value(key);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        RedisResult result;
        try
        {
            result = await redis.ScriptEvaluateAsync(Scripts.GetOrLease, [stored, RedisKeys.Lease(stored)], [lease.Id, milliseconds], Primary)
                .WaitAsync(token).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (IsFull(exception))
        {
            return LeasedRead.Leased(OfFullServer);
        }

        if (result.Resp2Type == ResultType.Integer)
            return LeasedRead.Leased((int)result == 1 ? lease : OfFullServer);
        if (result.Resp2Type == ResultType.Array)
            return BusyWith((RedisValue)result[0]);

        destination.Write(Value(redis, key, (byte[])result!).Span);
        return LeasedRead.Value;
    }

    /// <inheritdoc/>
    public async ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default)
    {
        var (lease, milliseconds) = NewLease(duration);
        var place = RedisKeys.Lease(keys.Value(key));
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        if (await redis.StringSetAsync(place, lease.Id, TimeSpan.FromMilliseconds(milliseconds), When.NotExists, Primary).WaitAsync(token).ConfigureAwait(false))
            return LeasedRead.Leased(lease);
        return BusyWith(await redis.StringGetAsync(place, Primary).WaitAsync(token).ConfigureAwait(false));
    }

    // It may have ended in between, and then nobody is known.
    private static LeasedRead BusyWith(RedisValue holder) => holder.TryParse(out long id) ? LeasedRead.BusyWith(id) : LeasedRead.Busy;

    /// <inheritdoc/>
    public async ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default)
    {
        var milliseconds = MillisecondsOf(duration);
        var place = RedisKeys.Lease(keys.Value(key));
        if (lease == OfFullServer)
            return LeaseRenewal.Ended;
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        var result = await redis.ScriptEvaluateAsync(Scripts.Renew, [place], [lease.Id, milliseconds], Primary).WaitAsync(token).ConfigureAwait(false);
        return (int)result == 1 ? LeaseRenewal.Renewed : LeaseRenewal.Ended;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default)
    {
        var stored = keys.Value(key);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        await redis.ScriptEvaluateAsync(Scripts.Release, [RedisKeys.Lease(stored)], [lease.Id], Primary).WaitAsync(token).ConfigureAwait(false);
    }

    private static (CacheLease Lease, long Milliseconds) NewLease(TimeSpan duration)
        => (new(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8))), MillisecondsOf(duration));

    private static long MillisecondsOf(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        return Lifetime.Milliseconds(duration);
    }
}
