using System.Buffers;
using Memoize.Sqlite.Engine;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memoize.Sqlite;

/// <summary>
/// A cache in one SQLite file: it survives restarts, many processes may use the file at once, and it stays within a bound of bytes. An
/// <see cref="IBufferDistributedCache"/>, so it serves HybridCache and FusionCache as it is. Safe for use by many threads.
/// </summary>
/// <remarks>
/// <para>
/// No method throws because of the file. Where it is damaged, full, read-only, in use or foreign, reads are misses and values are not
/// stored; <see cref="GetStatistics"/> counts that by reason, and a warning is logged. A damaged or foreign file is set aside under another
/// name, never deleted, and a new one is begun.
/// </para>
/// <para>
/// The file is opened by the first use. Reads are made on the thread of the caller and take microseconds: what they leave to be written is
/// written in the background. So do writes, once it is their turn. The asynchronous methods wait for that, and for other processes, without a thread, so that who calls them can give up earlier.
/// </para>
/// </remarks>
public sealed partial class SqliteCache : ILeasingCache, IBatchReads, IDisposable, IAsyncDisposable
{
    private readonly Store _store;
    private readonly long _maxBytes;
    private readonly long _largest;
    private long _hits;
    private long _misses;
    private long _stored;

    /// <summary>A cache as the options say. Opens nothing yet.</summary>
    /// <param name="options">The options; null for the defaults. They are read now and not again.</param>
    /// <param name="logger">Where warnings go; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option has a value that means nothing.</exception>
    public SqliteCache(SqliteCacheOptions? options = null, ILogger<SqliteCache>? logger = null)
    {
        options ??= new();
        options.Check();
        File = options.Path;
        _maxBytes = options.MaxBytes;
        _largest = Math.Min(int.MaxValue - 64, options.MaxBytes / 2);
        (_set, _setLeased) = (WriteEntry, WriteLeasedEntry);
        _store = new(options, logger ?? (ILogger)NullLogger.Instance);
    }

    /// <summary>The full path of the file.</summary>
    public string File { get; }

    /// <inheritdoc />
    public byte[]? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var destination = new ArrayDestination();
        return Read(key, ref destination) ? destination.Value : null;
    }

    /// <inheritdoc />
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (token.IsCancellationRequested)
            return Task.FromCanceled<byte[]?>(token);
        return _store.IsReady ? Task.FromResult(Get(key)) : Task.Run(() => Get(key), token);
    }

    /// <inheritdoc />
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        var writer = new WriterDestination(destination);
        return Read(key, ref writer);
    }

    /// <inheritdoc />
    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        if (token.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(token);
        return _store.IsReady ? new(TryGet(key, destination)) : new(Task.Run(() => TryGet(key, destination), token));
    }

    /// <inheritdoc />
    public ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(found);
        if (token.IsCancellationRequested)
            return ValueTask.FromCanceled(token);
        if (!_store.IsReady)
            return new(Task.Run(() => GetMany(keys, found, token), token));
        GetMany(keys, found, token);
        return ValueTask.CompletedTask;
    }

    private void GetMany(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token)
    {
        var destination = new RentedDestination();
        try
        {
            for (var i = 0; i < keys.Count; i++)
            {
                if (Read(keys[i], ref destination))
                    found(i, new(destination.Value));
                token.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            destination.Dispose();
        }
    }

    /// <summary>Moves the deadline of a value with a sliding lifetime, without reading or rewriting the value.</summary>
    /// <param name="key">The key.</param>
    public void Refresh(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_store.MayRead || _store.Tombstones.Covers(key))
            return;
        Session? session = null;
        Connection? connection = null;
        try
        {
            session = _store.Current();
            connection = session.Rent();
            using var found = new StoreKey(key, stackalloc byte[StoreKey.ScratchBytes]);
            var now = _store.Now;
            if (EntryReader.Look(connection, found, now, _store.Touches, out var use) == Reading.Found)
                _store.Touches.Note(use, now);
        }
        catch (StoreException error)
        {
            _store.Failed(session, error, reading: true);
        }
        finally
        {
            if (connection is not null)
                session!.Return(connection);
        }
    }

    /// <inheritdoc cref="Refresh" />
    /// <param name="key">The key.</param>
    /// <param name="token">Cancels the call.</param>
    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (token.IsCancellationRequested)
            return Task.FromCanceled(token);
        if (!_store.IsReady)
            return Task.Run(() => Refresh(key), token);
        Refresh(key);
        return Task.CompletedTask;
    }

    /// <summary>Writes what is noted, and closes the file. Uses after that are misses.</summary>
    public void Dispose() => _store.Dispose();

    /// <inheritdoc cref="Dispose" />
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private bool Read<TDestination>(string key, ref TDestination destination)
        where TDestination : struct, IDestination
    {
        var reading = Reading.Missing;
        if (_store.MayRead && !_store.Tombstones.Covers(key))
        {
            Session? session = null;
            Connection? connection = null;
            try
            {
                session = _store.Current();
                connection = session.Rent();
                using var found = new StoreKey(key, stackalloc byte[StoreKey.ScratchBytes]);
                var now = _store.Now;
                reading = EntryReader.Read(connection, found, now, _store.Touches, ref destination, out var use);
                if (reading == Reading.Found)
                    _store.Touches.Note(use, now);
            }
            catch (StoreException error)
            {
                _store.Failed(session, error, reading: true);
            }
            finally
            {
                if (connection is not null)
                    session!.Return(connection);
            }
        }
        if (reading == Reading.Found)
        {
            Interlocked.Increment(ref _hits);
            return true;
        }
        Interlocked.Increment(ref _misses);
        if (reading == Reading.Damaged)
        {
            _store.Health.DamagedEntry(key);
            _store.RemoveDamaged(key);
        }
        return false;
    }
}
