using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite.Engine;

/// <summary>The current file, and who may use it how: any number of readers, one writer, and what happens when it fails them.</summary>
internal sealed partial class Store : IDisposable
{
    // How often one looks whether the file was replaced or removed by others.
    private const int LookMilliseconds = 1_000;

    private readonly string _path;
    private readonly int _busyMilliseconds;
    private readonly TimeProvider _clock;
    private readonly object _opening = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Session? _session;
    private long? _damaged;
    private long _lookAgain;
    private volatile bool _disposed;

    internal Store(SqliteCacheOptions options, ILogger logger)
    {
        _path = options.Path;
        _busyMilliseconds = options.BusyTimeout;
        _clock = options.Clock;
        Health = new(logger, _path, options.RetryAfter);
        _upkeepChange = UpkeepChange;
        _upkeepTimer = options.Clock.CreateTimer(static store => ((Store)store!).UpkeepIsDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Touches = new(options.Clock) { Noted = UsesNoted };
        Culling = new(options.MaxBytes, Touches);
    }

    internal Health Health { get; }

    internal Touches Touches { get; }

    internal Tombstones Tombstones { get; } = new();

    internal Culling Culling { get; }

    internal long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    internal TimeProvider Clock => _clock;

    /// <summary>The writers' gate: one writer in this process at a time, in the order of their coming.</summary>
    internal SemaphoreSlim Gate => _gate;

    internal bool MayRead => !_disposed && Health.MayRead;

    /// <summary>The session for reading and writing; opens the file if it is not open.</summary>
    internal Session Current()
    {
        var now = Environment.TickCount64;
        if (_session is { } session && now < Volatile.Read(ref _lookAgain) && !session.IsThawed)
            return session;
        lock (_opening)
        {
            if (_session is { } open)
            {
                if (now < _lookAgain && !open.IsThawed)
                    return open;
                Volatile.Write(ref _lookAgain, now + LookMilliseconds);
                if (!open.IsThawed && (open.IsReadOnly || StoreFile.IsCurrent(_path, open.Birth) != false))
                {
                    LookBack(open);
                    return open;
                }
                Drop(open);
            }
            return Open(wait: true)!;
        }
    }

    /// <summary>
    /// Whether the file is open, or could be opened at once: otherwise, whoever cannot wait for other processes asks for it on another
    /// thread. Also if it cannot be used at all.
    /// </summary>
    internal bool IsReady
    {
        get
        {
            if (_session is not null || !MayRead)
                return true;
            if (!Monitor.TryEnter(_opening))
                return false;
            try
            {
                return _session is not null || Open(wait: false) is not null;
            }
            catch (StoreException error)
            {
                Failed(null, error, reading: true);
                return true;
            }
            finally
            {
                Monitor.Exit(_opening);
            }
        }
    }

    private Session? Open(bool wait)
    {
        if (_disposed)
            throw new StoreException(SqliteFailure.Disposed, "the store is disposed");
        var session = StoreFile.Open(_path, _busyMilliseconds, wait, _damaged, Health.SetAside);
        if (session is null)
            return null;
        _damaged = null;
        Touches.ForgetAll();
        LookBack(session);
        Volatile.Write(ref _lookAgain, Environment.TickCount64 + LookMilliseconds);
        return _session = session;
    }

    /// <summary>Decides what becomes of the file after a failure.</summary>
    internal void Failed(Session? session, StoreException error, bool reading)
    {
        if (session is not null && (error.Moved || error.Reason is SqliteFailure.Damaged or SqliteFailure.Unavailable))
        {
            lock (_opening)
            {
                if (_session == session)
                {
                    if (error.Reason is SqliteFailure.Damaged)
                        _damaged = session.Birth;
                    Drop(session);
                }
            }
            // The next one opens the file anew, which sets a damaged one aside: nothing to wait for.
            if (error.Moved || error.Reason is SqliteFailure.Damaged)
                return;
        }
        if (error.Reason is not SqliteFailure.Disposed)
            Health.Failed(error, reading || session is null);
    }

    public void Dispose()
    {
        _upkeepTimer.Dispose();
        _gate.Wait();
        try
        {
            if (_disposed)
                return;
            Flush();
            _disposed = true;
            lock (_opening)
            {
                if (_session is { } session)
                    Drop(session);
            }
            _writer?.Dispose();
            _writer = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void LookBack(Session session)
    {
        // With a connection of its own: of the pool's, all may be out, with threads that wait for this one.
        using var connection = session.Open();
        Culling.LookBack(connection);
    }

    /// <summary>Tries whether a file that could only be read can be written by now.</summary>
    private Session Reopen(Session readOnly)
    {
        lock (_opening)
        {
            if (_session == readOnly)
                Drop(readOnly);
        }
        var session = Current();
        return session.IsReadOnly ? throw new StoreException(SqliteFailure.ReadOnly, "the file may not be written") : session;
    }

    private void Drop(Session session)
    {
        _session = null;
        session.Dispose();
    }
}
