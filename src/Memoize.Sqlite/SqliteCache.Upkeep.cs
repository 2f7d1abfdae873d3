using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite;

public sealed partial class SqliteCache
{
    // How many entries are removed in one transaction by RemoveByPrefixAsync.
    private const int StepEntries = 500;

    private static readonly Change<bool> s_clear = static (Connection connection, in Job _, long _) =>
    {
        Removals.All(connection);
        return true;
    };

    /// <summary>Removes every entry, at once for all who read, and ends all leases. The file keeps its size, for new values.</summary>
    public void Clear()
    {
        _store.Gate.Wait();
        try
        {
            Cleared(_store.Write(default, s_clear, out _));
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
            Cleared((await _store.WriteAsync(default, s_clear, token).ConfigureAwait(false)).Failure);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <summary>
    /// Removes every entry whose key begins so (ordinally), and ends the leases of such keys. Reads all keys of the file for that, which
    /// takes about as long as to read the file; then removes in steps of a few hundred, between which others write. Values that come
    /// meanwhile may go too.
    /// </summary>
    /// <param name="prefix">The beginning of the keys.</param>
    /// <param name="token">Cancels; what has been removed stays removed.</param>
    /// <returns>How many entries were removed.</returns>
    /// <exception cref="ArgumentException">The prefix has an unpaired surrogate.</exception>
    public async ValueTask<long> RemoveByPrefixAsync(string prefix, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Removals.CheckPrefix(prefix);
        // The leases first: who stores with one that is taken after this has loaded after this.
        if (await PrefixStepAsync(new(prefix), static (Connection connection, in Job job, long _) =>
            {
                Removals.Leases(connection, job.Key);
                return 0;
            }, token).ConfigureAwait(false) is null)
        {
            return 0;
        }
        var total = 0L;
        var ids = await Task.Run(() => Look(connection => Removals.Find(connection, prefix, token)), token).ConfigureAwait(false);
        if (ids is null)
        {
            _store.Health.NotStored(_store.Health.Reason);
            _store.Tombstones.AddPrefix(prefix);
            return 0;
        }
        foreach (var some in ids.Chunk(StepEntries))
        {
            if (await PrefixStepAsync(new(prefix), (Connection connection, in Job job, long _) => Removals.Entries(connection, some), token).ConfigureAwait(false) is not { } removed)
                return total;
            total += removed;
        }
        return total;
    }

    /// <returns>How many entries were removed; null if that could not be written.</returns>
    private async ValueTask<int?> PrefixStepAsync(Job job, Change<int> change, CancellationToken token)
    {
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            var (failure, removed) = await _store.WriteAsync(job, change, token).ConfigureAwait(false);
            if (failure is not { } reason)
                return removed;
            _store.Health.NotStored(reason);
            _store.Tombstones.AddPrefix(job.Key);
            return null;
        }
        finally
        {
            _store.Gate.Release();
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

    private void Cleared(SqliteFailure? failure)
    {
        if (failure is { } reason)
        {
            _store.Health.NotStored(reason);
            _store.Tombstones.AddPrefix("");
            return;
        }
        _store.Touches.ForgetAll();
    }
}
