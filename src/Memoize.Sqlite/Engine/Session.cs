namespace Memoize.Sqlite.Engine;

/// <summary>
/// One opened file and its connections for readers. When the file is replaced, a new session takes its place;
/// connections that are out then are closed when they come back.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="birth">A random number that the file was given when it was made.</param>
/// <param name="readOnly">The file could be opened for reading only.</param>
/// <param name="busyMilliseconds">How long to wait for other processes.</param>
/// <param name="frozen">How the file looked, if nobody was writing to it and none of its own files can be made beside it.</param>
internal sealed class Session(string path, long birth, bool readOnly, int busyMilliseconds, FrozenFile? frozen = null) : IDisposable
{
    private static readonly int s_most = Math.Max(4, 2 * Environment.ProcessorCount);

    private readonly object _gate = new();
    private readonly Stack<Connection> _idle = new(s_most);
    private int _open;
    private bool _retired;

    /// <summary>A random number that the file was given when it was made.</summary>
    internal long Birth => birth;

    /// <summary>The file could be opened for reading only.</summary>
    internal bool IsReadOnly => readOnly;

    /// <summary>Whether it was opened as a file that nobody writes to, and somebody does.</summary>
    internal bool IsThawed => frozen is not null && FrozenFile.Of(path) != frozen;

    /// <summary>Gives a connection for reading. Where all are out, the caller waits: reading takes microseconds.</summary>
    internal Connection Rent()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_idle.TryPop(out var idle))
                    return idle;
                if (_open < s_most || _retired)
                    break;
                Monitor.Wait(_gate);
            }
            _open++;
        }
        try
        {
            return Open();
        }
        catch
        {
            lock (_gate)
            {
                _open--;
                Monitor.Pulse(_gate);
            }
            throw;
        }
    }

    internal void Return(Connection connection)
    {
        lock (_gate)
        {
            if (!_retired)
            {
                _idle.Push(connection);
                Monitor.Pulse(_gate);
                return;
            }
            _open--;
            Monitor.Pulse(_gate);
        }
        connection.Dispose();
    }

    /// <summary>Closes what is not in use now, and what is when it comes back.</summary>
    public void Dispose()
    {
        Connection[] idle;
        lock (_gate)
        {
            _retired = true;
            idle = [.. _idle];
            _idle.Clear();
            _open -= idle.Length;
            Monitor.PulseAll(_gate);
        }
        foreach (var connection in idle)
            connection.Dispose();
    }

    /// <summary>Opens a connection that is not of the pool.</summary>
    internal Connection Open()
    {
        // SQLite would make an empty one.
        if (!File.Exists(path))
            throw new StoreException(SqliteFailure.Unavailable, "the file was removed") { Moved = true };
        var connection = Connection.Open(path, readOnly, busyMilliseconds, frozen is not null);
        try
        {
            StoreFile.Prepare(connection, readOnly);
            // Between the opening of the session and now, another process may have put a new file there.
            if (StoreFile.BirthOf(connection) != birth)
                throw new StoreException(SqliteFailure.Unavailable, "the file was replaced") { Moved = true };
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
