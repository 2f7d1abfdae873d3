namespace Memoize.Tiers;

/// <summary>
/// Keeps callers away from a store that has failed: the first failure opens it, and while it is open nobody waits. After a pause it is
/// probed in the background, and only a probe's success closes it again.
/// </summary>
internal sealed class Breaker
{
    private const double LongestPause = 4;

    private readonly object gate = new();
    private readonly CacheTierOptions options;
    private readonly Func<Task> probe;
    private readonly Action closed;
    private readonly ITimer timer;
    private volatile bool isOpen;
    private bool isStopped;
    private double pause;

    /// <param name="options">The times.</param>
    /// <param name="probe">Tries the store; throws what the store throws.</param>
    /// <param name="closed">Called each time the store is back in use.</param>
    internal Breaker(CacheTierOptions options, Func<Task> probe, Action closed)
    {
        (this.options, this.probe, this.closed) = (options, probe, closed);

        // The timer carries the context of whoever adds the tier, and he is not the one on whose behalf it is probed.
        timer = options.TimeProvider.CreateTimer(
            static breaker => ThreadPool.UnsafeQueueUserWorkItem(static breaker => _ = breaker.ProbeAsync(), (Breaker)breaker!, preferLocal: false),
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal bool IsOpen => isOpen;

    /// <summary>An operation has failed. Those that were under way with it fail with it: that is one failure.</summary>
    /// <returns>Whether it is the first to fail.</returns>
    internal bool Open()
    {
        lock (gate)
        {
            if (isOpen || isStopped)
                return false;
            isOpen = true;
            Wait(options.RetryAfter);
            return true;
        }
    }

    /// <summary>The store is used no longer: nothing probes it.</summary>
    internal void Stop()
    {
        lock (gate)
            isStopped = true;
        timer.Dispose();
    }

    private void Wait(double seconds)
    {
        pause = Math.Min(seconds, LongestPause);
        timer.Change(TimeSpan.FromSeconds(pause), Timeout.InfiniteTimeSpan);
    }

    private async Task ProbeAsync()
    {
        try
        {
            await probe().ConfigureAwait(false);
        }
        catch (Exception)
        {
            lock (gate)
            {
                if (!isStopped)
                    Wait(pause * 2);
            }

            return;
        }

        lock (gate)
            isOpen = false;
        closed();
    }
}
