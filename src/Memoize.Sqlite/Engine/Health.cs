using Microsoft.Extensions.Logging;

namespace Memoize.Sqlite.Engine;

/// <summary>
/// What went wrong, counted by reason, and when to try again: after a failure, the store leaves the file alone for a while, so that a
/// dead disk costs a look at the clock.
/// </summary>
internal sealed class Health(ILogger logger, string file, int retryMilliseconds)
{
    private static readonly int s_reasons = Enum.GetValues<SqliteFailure>().Length;

    private readonly long[] _failures = new long[s_reasons];
    private readonly long[] _notStored = new long[s_reasons];
    private readonly long[] _logged = new long[s_reasons];
    private long _entryLogged;
    private long _readsAgain;
    private long _writesAgain;
    private int _readsReason;
    private int _writesReason;

    internal bool MayRead => Environment.TickCount64 >= Volatile.Read(ref _readsAgain);

    internal bool MayWrite => MayRead && Environment.TickCount64 >= Volatile.Read(ref _writesAgain);

    /// <summary>Why nothing is written now.</summary>
    internal SqliteFailure Reason => (SqliteFailure)Volatile.Read(ref MayRead ? ref _writesReason : ref _readsReason);

    internal void Failed(StoreException error, bool reading)
    {
        Count(_failures, error.Reason);
        var again = Environment.TickCount64 + retryMilliseconds;
        if (reading && error.Reason is not SqliteFailure.Busy)
        {
            Volatile.Write(ref _readsReason, (int)error.Reason);
            Volatile.Write(ref _readsAgain, again);
        }
        else if (!reading)
        {
            Volatile.Write(ref _writesReason, (int)error.Reason);
            Volatile.Write(ref _writesAgain, again);
        }
        // A full disk is full for every value.
        if (IsNews(ref _logged[(int)error.Reason]))
            SqliteCacheLog.Failed(logger, file, reading ? "read" : "written", error.Reason, error.Message, SqliteCacheLog.Advice(error.Reason));
    }

    /// <summary>One entry was damaged; the file is used on.</summary>
    internal void DamagedEntry(string key)
    {
        Count(_failures, SqliteFailure.Damaged);
        // Where one is damaged, so are others; and one that cannot be removed is found each time.
        if (IsNews(ref _entryLogged))
            SqliteCacheLog.DamagedEntry(logger, file, key);
    }

    /// <summary>Whether that is to be told: once in ten seconds.</summary>
    private static bool IsNews(ref long logged)
    {
        var now = Environment.TickCount64;
        var before = Volatile.Read(ref logged);
        return (before == 0 || now - before >= 10_000) && Interlocked.CompareExchange(ref logged, now, before) == before;
    }

    internal void SetAside(string name, StoreException why)
    {
        Count(_failures, why.Reason);
        SqliteCacheLog.SetAside(logger, file, name, why.Message, SqliteCacheLog.AdviceAside(why.Reason));
    }

    internal void NotStored(SqliteFailure reason) => Count(_notStored, reason);

    internal void Recovered()
    {
        Volatile.Write(ref _readsAgain, 0);
        Volatile.Write(ref _writesAgain, 0);
    }

    internal IReadOnlyDictionary<SqliteFailure, long> Failures => Counted(_failures);

    internal IReadOnlyDictionary<SqliteFailure, long> AllNotStored => Counted(_notStored);

    private static void Count(long[] counters, SqliteFailure reason) => Interlocked.Increment(ref counters[(int)reason]);

    private static Dictionary<SqliteFailure, long> Counted(long[] counters)
        => Enum.GetValues<SqliteFailure>().Where(reason => Volatile.Read(ref counters[(int)reason]) > 0)
            .ToDictionary(reason => reason, reason => Volatile.Read(ref counters[(int)reason]));
}
