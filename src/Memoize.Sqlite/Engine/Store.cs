using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite.Engine;

/// <summary>The current file, and who may use it how: any number of readers, one writer, and what happens when it fails them.</summary>
internal sealed class Store : IDisposable
{
    // How often one looks whether the file was replaced or removed by others.
    private const int LookMilliseconds = 1_000;

    // How long to pause at most before one tries again to write where another process does.
    private const int LongestPauseMilliseconds = 16;

    private readonly string _path;
    private readonly int _busyMilliseconds;
    private readonly TimeProvider _clock;
    private readonly object _opening = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ITimer _touchesTimer;
    private volatile Session? _session;
    private Session? _writersSession;
    private Connection? _writer;
    private long? _damaged;
    private long _lookAgain;
    private int _culls;
    private volatile bool _disposed;

    internal Store(SqliteCacheOptions options, ILogger logger)
    {
        _path = options.Path;
        _busyMilliseconds = options.BusyTimeout;
        _clock = options.Clock;
        Health = new(logger, _path, options.RetryAfter);
        _touchesTimer = options.Clock.CreateTimer(static store => ((Store)store!).WriteTouchesLater(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Touches = new(options.Clock) { Noted = due => _touchesTimer.Change(due, Timeout.InfiniteTimeSpan) };
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

    /// <summary>Changes the file in one transaction. For who holds the gate.</summary>
    /// <param name="job">What the change needs.</param>
    /// <param name="change">The change.</param>
    /// <param name="result">What it answered.</param>
    /// <param name="patient">Whether to wait for other processes; if not, and one is writing, nothing happens.</param>
    /// <returns>Why it was not done; null if it was.</returns>
    internal SqliteFailure? Write<TResult>(in Job job, Change<TResult> change, out TResult? result, bool patient = true)
    {
        result = default;
        if (_disposed)
            return SqliteFailure.Disposed;
        if (!Health.MayWrite)
            return Health.Reason;
        for (var again = 0; ; again++)
        {
            Session? session = null;
            try
            {
                session = Current();
                if (session.IsReadOnly)
                    session = Reopen(session);
                Transact(Writer(session), job, change, out result, patient);
                return null;
            }
            catch (StoreException error)
            {
                if (!patient && error.Reason is SqliteFailure.Busy)
                    return SqliteFailure.Busy;
                Failed(session, error, reading: false);
                // Once more, on the file that has taken the place of the one that failed.
                if (again == 0 && session is not null && (error.Moved || error.Reason is SqliteFailure.Damaged))
                    continue;
                return error.Reason;
            }
        }
    }

    /// <summary>
    /// Changes the file in one transaction, and waits for other processes without a thread. For who holds the gate. Where the file is
    /// being opened by another process, that is waited for on another thread than the caller's.
    /// </summary>
    internal async ValueTask<(SqliteFailure? Failure, TResult? Result)> WriteAsync<TResult>(Job job, Change<TResult> change, CancellationToken token)
    {
        var began = Environment.TickCount64;
        for (var pause = 1; ; pause = Math.Min(2 * pause, LongestPauseMilliseconds))
        {
            if (!Health.MayWrite)
                return (Health.Reason, default);
            var answer = IsReady && _session is not { IsReadOnly: true } ? Once() : await Task.Run(Once, token).ConfigureAwait(false);
            if (answer.Failure is not SqliteFailure.Busy)
                return answer;
            if (Environment.TickCount64 - began >= _busyMilliseconds)
            {
                Health.Failed(new(SqliteFailure.Busy, "another process is writing"), reading: false);
                return answer;
            }
            await Task.Delay(pause, token).ConfigureAwait(false);
        }

        (SqliteFailure? Failure, TResult? Result) Once() => (Write(job, change, out var result, patient: false), result);
    }

    /// <summary>Writes the notes of uses, if no other writer is at work who will.</summary>
    internal void WriteTouches()
    {
        if (!_gate.Wait(0))
            return;
        try
        {
            // The notes are written by whoever writes when they are due.
            Write(default, static (Connection _, in Job _, long _) => true, out _, patient: false);
        }
        finally
        {
            _gate.Release();
        }
    }

    // The timer of the notes: whoever noted them may do nothing more for a long time.
    private void WriteTouchesLater()
    {
        WriteTouches();
        if (!Touches.IsEmpty && !_disposed)
            _touchesTimer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _touchesTimer.Dispose();
        _gate.Wait();
        try
        {
            if (_disposed)
                return;
            if (!Touches.IsEmpty && _session is not null)
                Write(default, static (Connection _, in Job _, long _) => true, out _);
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

    private void Transact<TResult>(Connection writer, in Job job, Change<TResult> change, out TResult result, bool patient)
    {
        var culled = true;
        if (!patient)
            writer.Wait(0);
        try
        {
            writer[Sql.Begin].Run();
            var now = Now;
            var tombstones = Tombstones.Any;
            if (tombstones)
                Removals.Write(writer, Tombstones);
            if (Touches.AreDue)
                Touches.Write(writer);
            result = change(writer, job, now);
            Culling.Wrote(writer, job.Value.Length);
            if (Culling.IsDue)
                culled = Culling.Step(writer, now);
            writer.Slots.Settle();
            writer[Sql.Commit].Run();
            if (tombstones)
                Tombstones.Clear();
        }
        finally
        {
            if (writer.InTransaction)
            {
                Undo(writer);
                writer.Slots.Forget();
            }
            if (!patient)
                writer.Wait(_busyMilliseconds);
        }
        if (!culled && Interlocked.Exchange(ref _culls, 1) == 0)
            _ = Task.Run(Cull);
    }

    private static void Undo(Connection writer)
    {
        try
        {
            writer[Sql.Rollback].Run();
        }
        catch (StoreException)
        {
            // What failed before is what is told. SQLite rolls back by itself when the connection closes.
        }
    }

    /// <summary>Goes on with what a step has left, one step at a time, so that writers come in between.</summary>
    private async Task Cull()
    {
        Volatile.Write(ref _culls, 0);
        while (Culling.IsDue && !_disposed)
        {
            await _gate.WaitAsync().ConfigureAwait(false);
            try
            {
                if (Culling.IsDue && (await WriteAsync(default, static (Connection _, in Job _, long _) => true, default).ConfigureAwait(false)).Failure is not null)
                    return;
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private Connection Writer(Session session)
    {
        if (_writersSession != session || _writer is null)
        {
            _writer?.Dispose();
            _writer = null;
            _writer = session.Open();
            _writersSession = session;
        }
        return _writer;
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
