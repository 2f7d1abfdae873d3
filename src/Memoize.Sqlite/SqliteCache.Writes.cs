using System.Buffers;
using Memoize.Sqlite.Engine;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Sqlite;

public sealed partial class SqliteCache
{
    private readonly Change<bool> _set;

    private static readonly Change<bool> s_remove = static (Connection connection, in Job job, long _) => Removals.Key(connection, job.Key);

    /// <inheritdoc />
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Set(key, new ReadOnlySequence<byte>(value), options);
    }

    /// <inheritdoc />
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        var job = NewJob(key, value, options);
        _store.Gate.Wait();
        try
        {
            Set(job);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, new ReadOnlySequence<byte>(value), options, token).AsTask();
    }

    /// <inheritdoc />
    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        var job = NewJob(key, value, options);
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            await SetAsync(job, token).ConfigureAwait(false);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public void Remove(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _store.Gate.Wait();
        try
        {
            RemoveKey(key);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    /// <inheritdoc />
    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        await _store.Gate.WaitAsync(token).ConfigureAwait(false);
        try
        {
            await RemoveKeyAsync(key, token).ConfigureAwait(false);
        }
        finally
        {
            _store.Gate.Release();
        }
    }

    private Job NewJob(string key, in ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        return new(key, value, Deadline.From(options, _store.Clock.GetUtcNow()));
    }

    private bool WriteEntry(Connection connection, in Job job, long now)
    {
        using var key = new StoreKey(job.Key, stackalloc byte[StoreKey.ScratchBytes]);
        connection[Sql.EndLease].Bind(1, key.Id).Run();
        EntryWriter.Write(connection, key, job.Value, job.Deadline, now, _store.Touches, _maxBytes);
        return true;
    }

    private StoreOutcome Set(in Job job)
    {
        if (job.Value.Length > _largest)
        {
            // What was there is from before this value, so it goes.
            RemoveKey(job.Key);
            return TooLarge();
        }
        return Written(job.Key, _store.Write(job, _set, out _));
    }

    private async ValueTask<StoreOutcome> SetAsync(Job job, CancellationToken token)
    {
        if (job.Value.Length > _largest)
        {
            await RemoveKeyAsync(job.Key, token).ConfigureAwait(false);
            return TooLarge();
        }
        return Written(job.Key, (await _store.WriteAsync(job, _set, token).ConfigureAwait(false)).Failure);
    }

    private void RemoveKey(string key)
    {
        if (_store.Write(new(key), s_remove, out _) is { } failure)
            NotWritten(key, failure);
    }

    private async ValueTask RemoveKeyAsync(string key, CancellationToken token)
    {
        if ((await _store.WriteAsync(new(key), s_remove, token).ConfigureAwait(false)).Failure is { } failure)
            NotWritten(key, failure);
    }

    private StoreOutcome Written(string key, SqliteFailure? failure)
    {
        if (failure is { } reason)
        {
            NotWritten(key, reason);
            return StoreOutcome.Failed;
        }
        Interlocked.Increment(ref _stored);
        return StoreOutcome.Stored;
    }

    private StoreOutcome TooLarge()
    {
        _store.Health.NotStored(SqliteFailure.TooLarge);
        return StoreOutcome.TooLarge;
    }

    /// <summary>What the file holds for the key is out of date, and could not be told so.</summary>
    private void NotWritten(string key, SqliteFailure failure)
    {
        _store.Health.NotStored(failure);
        _store.Tombstones.Add(key);
    }
}
