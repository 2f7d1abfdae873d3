namespace Memoize.Testing;

/// <summary>
/// A clock that stands still until it is moved, and then runs what falls due, in order, on the thread that moves it. Hand it to the code
/// under test as its <see cref="TimeProvider"/>, too. Safe for use by many threads.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly object gate = new();
    private readonly List<Timer> timers = [];
    private readonly DateTimeOffset start;
    private long elapsed;
    private long order;

    /// <summary>A clock that begins at midnight of 1 January 2000, UTC.</summary>
    public TestClock()
        : this(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>A clock that begins when the test wants.</summary>
    /// <param name="start">The first value of <see cref="GetUtcNow"/>.</param>
    public TestClock(DateTimeOffset start) => this.start = start.ToUniversalTime();

    /// <summary>How far the clock has been moved.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref elapsed));

    /// <summary>UTC, so that a test gives the same everywhere.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref elapsed);

    /// <summary>
    /// Moves the clock. Each timer that falls due on the way runs at its moment, before the clock moves on; also those that such a
    /// timer starts.
    /// </summary>
    /// <param name="time">How far; zero runs what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative: this clock does not go back.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        long target;
        lock (gate)
            target = elapsed + time.Ticks;

        while (NextDue(target) is { } timer)
            timer.Fire();

        lock (gate)
            elapsed = Math.Max(elapsed, target);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? NextDue(long target)
    {
        lock (gate)
        {
            Timer? next = null;
            foreach (var timer in timers)
            {
                if (timer.Due <= target && (next is null || (timer.Due, timer.Order).CompareTo((next.Due, next.Order)) < 0))
                    next = timer;
            }

            if (next is null)
                return null;

            elapsed = Math.Max(elapsed, next.Due);
            next.Order = ++order;
            if (next.Period > 0)
                next.Due += next.Period;
            else
                timers.Remove(next);
            return next;
        }
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private bool disposed;

        public long Due { get; set; }

        public long Period { get; private set; }

        // Of two that are due at the same moment, the one that was set first.
        public long Order { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed)
                    return false;

                clock.timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.elapsed + dueTime.Ticks;
                    Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
                    Order = ++clock.order;
                    clock.timers.Add(this);
                }
            }

            // As a timer of the system does: now, but never inside the call that sets it.
            if (dueTime == TimeSpan.Zero)
                ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.Advance(TimeSpan.Zero), clock, preferLocal: false);
            return true;
        }

        public void Fire()
        {
            if (context is null)
                Run();
            else
                ExecutionContext.Run(context, static timer => ((Timer)timer!).Run(), this);
        }

        private void Run() => callback(state);

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
