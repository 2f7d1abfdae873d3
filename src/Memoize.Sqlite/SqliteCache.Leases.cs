using System.Buffers;
using Memoize.Sqlite.Engine;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Sqlite;

public sealed partial class SqliteCache
{
    // Of a store that cannot be used: its holder loads, and nothing is stored. Ids that are given begin at 1.
    private static readonly CacheLease s_worthless = new(0);

    private static readonly Change<LeasedRead> s_take = static (Connection connection, in Job job, long now) =>
    {
        using var key = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
        return Take(connection, key, job.Duration, now);
    };

    private readonly Change<bool> _setLeased;

    private static readonly Change<bool> s_renew = static (Connection connection, in Job job, long now) =>
    {
        using var key = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
        connection[Sql.RenewLease].Bind(1, key.Id).Bind(2, job.Lease.Id).Bind(3, EndOf(job.Duration, now)).Bind(4, now).Run();
        return connection.Changes > 0;
    };

    private static readonly Change<bool> s_release = static (Connection connection, in Job job, long _) =>
    {
        using var key = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
        connection[Sql.Lease].Bind(1, key.Id).Bind(2, job.Lease.Id).Bind(3, long.MinValue).Run();
        return true;
    };

    /// <inheritdoc />
    /// <remarks>Where the file cannot be used, the caller is given a lease with which nothing can be stored: it loads, and waits for nobody.</remarks>
    public async ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        token.ThrowIfCancellationRequested();
        if (await TryGetAsync(key, destination, token).ConfigureAwait(false))
            return LeasedRead.Value;
        // Who waits for another asks again and again, and that should not take turns with the writers.
        if (HolderOf(key) is not 0 and var holder)
            return LeasedRead.BusyWith(holder);
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            // In the transaction: whether a value has come in the meantime, and else the lease.
            Change<LeasedRead> readOrTake = (Connection connection, in Job job, long now) =>
            {
                var writer = new WriterDestination(destination);
                using var found = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
                return EntryReader.Read(connection, found, now, _store.Touches, ref writer, out _) == Reading.Found
                    ? LeasedRead.Value
                    : Take(connection, found, job.Duration, now);
            };
            var (failure, result) = await _store.WriteAsync(new(key, Duration: duration), readOrTake, token).ConfigureAwait(false);
            if (failure is not null)
                return LeasedRead.Leased(s_worthless);
            if (result.Found)
                Interlocked.Increment(ref _hits);
            return result;
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            var (failure, lease) = await _store.WriteAsync(new(key, Duration: duration), s_take, token).ConfigureAwait(false);
            return failure is null ? lease : LeasedRead.Leased(s_worthless);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default)
        => await StoreAsync(key, value, options, lease, token).ConfigureAwait(false) == StoreOutcome.Stored;

    /// <inheritdoc />
    public async ValueTask<StoreOutcome> StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token = default)
    {
        var job = NewJob(key, value, options);
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            return lease is { } held
                ? await SetLeasedAsync(job with { Lease = held }, token).ConfigureAwait(false)
                : await SetAsync(job, token).ConfigureAwait(false);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    private async ValueTask<StoreOutcome> SetLeasedAsync(Job job, CancellationToken token)
    {
        if (job.Value.Length > _largest)
        {
            // Nobody is to wait for what will not come.
            await _store.WriteAsync(job, s_release, token).ConfigureAwait(false);
            return TooLarge();
        }
        var (failure, stored) = await _store.WriteAsync(job, _setLeased, token).ConfigureAwait(false);
        if (failure is { } reason)
        {
            _store.Health.NotStored(reason);
            return StoreOutcome.Failed;
        }
        if (stored)
            Interlocked.Increment(ref _stored);
        return stored ? StoreOutcome.Stored : job.Lease == s_worthless ? StoreOutcome.Failed : StoreOutcome.LeaseEnded;
    }

    /// <inheritdoc />
    public async ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        if (lease == s_worthless)
            return LeaseRenewal.Ended;
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            var (failure, isGood) = await _store.WriteAsync(new(key, Lease: lease, Duration: duration), s_renew, token).ConfigureAwait(false);
            return failure is not null ? LeaseRenewal.Failed : isGood ? LeaseRenewal.Renewed : LeaseRenewal.Ended;
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (lease == s_worthless)
            return;
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            // If that cannot be written, the lease ends after its duration.
            await _store.WriteAsync(new(key, Lease: lease), s_release, token).ConfigureAwait(false);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    private bool WriteLeasedEntry(Connection connection, in Job job, long now)
    {
        using var key = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
        connection[Sql.Lease].Bind(1, key.Id).Bind(2, job.Lease.Id).Bind(3, now).Run();
        if (connection.Changes == 0)
            return false;
        EntryWriter.Write(connection, key, job.Value, job.Deadline, now, _store.Touches, _maxBytes);
        return true;
    }

    private static LeasedRead Take(Connection connection, in StoreKey key, TimeSpan duration, long now)
    {
        var lease = Random.Shared.NextInt64(1, long.MaxValue);
        connection[Sql.TakeLease].Bind(1, key.Id).Bind(2, lease).Bind(3, EndOf(duration, now)).Bind(4, now).BindText(5, key.Text).Run();
        return connection.Changes == 0 ? LeasedRead.BusyWith(connection[Sql.Holder].Bind(1, key.Id).Bind(2, now).Scalar()) : LeasedRead.Leased(new(lease));
    }

    private static long EndOf(TimeSpan duration, long now) => now + Math.Max(1, (long)Math.Min(duration.TotalMilliseconds, 1e15));

    // 0 where nobody has the lease.
    private long HolderOf(string key)
    {
        if (!_store.MayRead || _store.Tombstones.Covers(key))
            return 0;
        Session? session = null;
        Connection? connection = null;
        try
        {
            session = _store.Current();
            connection = session.Rent();
            using var found = new StoreKey(key, stackalloc byte[StoreKey.ScratchBytes]);
            return connection[Sql.Holder].Bind(1, found.Id).Bind(2, _store.Now).Scalar();
        }
        catch (StoreException error)
        {
            _store.Failed(session, error, reading: true);
            return 0;
        }
        finally
        {
            if (connection is not null)
                session!.Return(connection);
        }
    }
}
