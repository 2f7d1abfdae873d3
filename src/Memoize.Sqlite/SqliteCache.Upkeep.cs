using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite;

public sealed partial class SqliteCache
{
    /// <summary>Removes every entry, at once for all who read, and ends all leases. The file keeps its size, for new values.</summary>
    public void Clear()
    {
        _store.Gate.Wait();
        try
        {
            ClearAll();
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc cref="Clear" />
    /// <param name="token">Cancels the wait; what has begun is finished.</param>
    public async ValueTask ClearAsync(CancellationToken token = default)
    {
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            ClearAll();
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <summary>
    /// Removes every entry whose key begins so (ordinally), and ends the leases of such keys. In steps of a few hundred, between which
    /// others write; values that come meanwhile may go too.
    /// </summary>
    /// <param name="prefix">The beginning of the keys.</param>
    /// <param name="token">Cancels; what has been removed stays removed.</param>
    /// <returns>How many entries were removed.</returns>
    /// <exception cref="ArgumentException">The prefix has an unpaired surrogate.</exception>
    public async ValueTask<long> RemoveByPrefixAsync(string prefix, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Removals.CheckPrefix(prefix);
        var total = 0L;
        for (var first = true; ; first = false)
        {
            await _store.Gate.WaitAsync(token).ConfigureAwait(false);
            try
            {
                Change<int> some = first
                    ? static (Connection connection, in Job job, long _) =>
                    {
                        Removals.Leases(connection, job.Key);
                        return Removals.Some(connection, job.Key);
                    }
                : static (Connection connection, in Job job, long _) => Removals.Some(connection, job.Key);
                if (_store.Write(new(prefix), some, out var removed) is { } failure)
                {
                    _store.Health.NotStored(failure);
                    _store.Tombstones.AddPrefix(prefix);
                    return total;
                }
                if (removed == 0)
                    return total;
                total += removed;
            }
            finally
            {
                _store.Gate.Release();
            }
        }
    }

    /// <summary>What this cache has done, and what is in the file. Counts the entries in the file, so not for every request.</summary>
    public SqliteCacheStatistics GetStatistics()
    {
        var (entries, bytes) = Look(static connection => (connection.Scalar("SELECT count(*) FROM entries"), Culling.UsedBytes(connection)));
        return new()
        {
            Entries = entries,
            Bytes = bytes,
            Hits = Volatile.Read(ref _hits),
            Misses = Volatile.Read(ref _misses),
            Stored = Volatile.Read(ref _stored),
            Evictions = _store.Culling.Evicted,
            Expirations = _store.Culling.Expired,
            Failures = _store.Health.Failures,
            NotStored = _store.Health.AllNotStored,
        };
    }

    /// <summary>
    /// Reads the whole file and checks everything: the trees, every value against its checksum, and that no part of a value is left over
    /// or missing. Takes about as long as it takes to read the file; others read and write meanwhile.
    /// </summary>
    /// <param name="token">Cancels between two entries.</param>
    /// <returns>What is wrong; empty if nothing is.</returns>
    public Task<IReadOnlyList<string>> CheckIntegrityAsync(CancellationToken token = default)
        => Task.Run(() => Look(connection => Integrity.Check(connection, token)) ?? ["The file cannot be opened."], token);

    private T? Look<T>(Func<Connection, T> look)
    {
        if (!_store.MayRead)
            return default;
        Session? session = null;
        Connection? connection = null;
        try
        {
            session = _store.Current();
            connection = session.Rent();
            return look(connection);
        }
        catch (StoreException error)
        {
            _store.Failed(session, error, reading: true);
            return default;
        }
        finally
        {
            if (connection is not null)
                session!.Return(connection);
        }
    }

    private void ClearAll()
    {
        var failure = _store.Write<bool>(default, static (Connection connection, in Job _, long _) =>
        {
            Removals.All(connection);
            return true;
        }, out _);
        if (failure is { } reason)
        {
            _store.Health.NotStored(reason);
            _store.Tombstones.AddPrefix("");
            return;
        }
        _store.Touches.ForgetAll();
    }
}
