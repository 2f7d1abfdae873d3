namespace Memoize.Sqlite.Engine;

// What readers and writers leave behind, and nobody waits for: uses that were noted, damaged entries, and what is to be culled. It is
// done in the background, by one at a time, in transactions of a few milliseconds with a pause after each, so that others write in between;
// while there is nothing to do, there is no thread and no timer that ticks.
internal sealed partial class Store
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Asked = 2;

    // Where the file cannot be written, one tries again later than where another process is writing.
    private const int FailurePauseMilliseconds = 1_000;

    // For how long the end of the cache may be held up by what is noted.
    private const int FlushMilliseconds = 500;

    private readonly Change<bool> _upkeepChange;
    private readonly ITimer _upkeepTimer;
    private int _upkeep;
    private int _upkeepPause = 1;

    /// <summary>Entries that readers found damaged, to be removed.</summary>
    internal DamagedEntries Damaged { get; } = new();

    private bool HasUpkeep => !Touches.IsEmpty || Damaged.Any || Culling.IsDue;

    /// <summary>Has an entry removed that was found damaged. Does not wait for that.</summary>
    internal void RemoveDamaged(string key)
    {
        if (Damaged.Add(key))
            AskForUpkeep();
    }

    private void UsesNoted(TimeSpan due)
    {
        if (due == TimeSpan.Zero)
            AskForUpkeep();
        else
            _upkeepTimer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void AskForUpkeep()
    {
        if (Interlocked.Exchange(ref _upkeep, Asked) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(static store => _ = store.Upkeep(), this, preferLocal: false);
    }

    private async Task Upkeep()
    {
        Volatile.Write(ref _upkeep, Running);
        try
        {
            while (HasUpkeep && !_disposed)
            {
                await _gate.WaitAsync().ConfigureAwait(false);
                try
                {
                    if (!UpkeepStep())
                        return;
                }
                finally
                {
                    _gate.Release();
                }
                await Task.Delay(1).ConfigureAwait(false);
            }
        }
        finally
        {
            if (Interlocked.Exchange(ref _upkeep, Idle) == Asked && !_disposed)
                AskForUpkeep();
        }
    }

    // The timer: of the notes, which wait for others but not for long, and of what could not be written.
    private void UpkeepIsDue()
    {
        if (_gate.Wait(0))
        {
            try
            {
                if (!HasUpkeep || !UpkeepStep())
                    return;
            }
            finally
            {
                _gate.Release();
            }
        }
        if (HasUpkeep)
            AskForUpkeep();
    }

    /// <summary>One transaction. For who holds the gate.</summary>
    /// <returns>Whether it could be written. If not, it is tried again later.</returns>
    private bool UpkeepStep()
    {
        var failure = Write(default, _upkeepChange, out _, patient: false);
        if (failure is null)
        {
            _upkeepPause = 1;
            return true;
        }
        var pause = failure is SqliteFailure.Busy ? _upkeepPause : FailurePauseMilliseconds;
        _upkeepPause = Math.Min(2 * pause, LongestPauseMilliseconds);
        if (!_disposed)
            _upkeepTimer.Change(TimeSpan.FromMilliseconds(pause), Timeout.InfiniteTimeSpan);
        return false;
    }

    private bool UpkeepChange(Connection connection, in Job job, long now)
    {
        Damaged.Remove(connection, now, Touches);
        // A step of culling begins with the notes.
        Culling.Ask();
        return true;
    }

    /// <summary>What is noted is written before the end, unless that takes too long. For who holds the gate.</summary>
    private void Flush()
    {
        var until = Environment.TickCount64 + Math.Min(_busyMilliseconds, FlushMilliseconds);
        for (var pause = 1; _session is not null && !Touches.IsEmpty;)
        {
            var failure = Write(default, _upkeepChange, out _, patient: false);
            if (failure is not (null or SqliteFailure.Busy) || Environment.TickCount64 >= until)
                return;
            if (failure is null)
                continue;
            Thread.Sleep(pause);
            pause = Math.Min(2 * pause, LongestPauseMilliseconds);
        }
    }
}
