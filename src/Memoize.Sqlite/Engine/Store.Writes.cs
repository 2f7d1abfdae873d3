namespace Memoize.Sqlite.Engine;

// The one writer: a change is a transaction, which takes along what else is due.
internal sealed partial class Store
{
    // How long to pause at most before one tries again to write where another process does.
    private const int LongestPauseMilliseconds = 16;

    private Session? _writersSession;
    private Connection? _writer;

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

    private void Transact<TResult>(Connection writer, in Job job, Change<TResult> change, out TResult result, bool patient)
    {
        var culled = true;
        var committed = false;
        if (!patient)
            writer.Wait(0);
        try
        {
            writer[Sql.Begin].Run();
            var now = Now;
            var tombstones = Tombstones.Any;
            if (tombstones)
                Removals.Write(writer, Tombstones);
            result = change(writer, job, now);
            Culling.Wrote(writer, job.Value.Length);
            if (Culling.IsDue)
                culled = Culling.Step(writer, now);
            writer.Slots.Settle();
            writer[Sql.Commit].Run();
            committed = true;
            if (tombstones)
                Tombstones.Clear();
        }
        finally
        {
            if (writer.InTransaction)
                Undo(writer);
            // Also where SQLite has rolled back by itself, as it may when a statement fails.
            if (!committed)
            {
                writer.Slots.Forget();
                writer.Shelves.Forget();
            }
            if (!patient)
                writer.Wait(_busyMilliseconds);
        }
        if (!culled)
            AskForUpkeep();
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
}
