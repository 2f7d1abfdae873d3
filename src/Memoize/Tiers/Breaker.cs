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
    private bool isProbing;
    private bool isHurried;
    private double pause;

    /// <param name="options">The times.</param>
    /// <param name="probe">Tries the store; throws what the store throws.</param>
    /// <param name="closed">Called each time the store is back in use.</param>
    internal Breaker(CacheTierOptions options, Func<Task> probe, Action closed)
    {
        (this.options, this.probe, this.closed) = (options, probe, closed);

        // The timer carries the context of whoever adds the tier, and he is not the one on whose behalf it is probed.
        timer = options.TimeProvider.CreateTimer(
            static breaker => ((Breaker)breaker!).Probe(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    /// <summary>There is a sign that the store is back: it is probed at once, and not only when the pause is over.</summary>
    /// <returns>Whether it was not in use.</returns>
    internal bool Hurry()
    {
        lock (gate)
        {
            if (!isOpen || isStopped)
                return false;

            // A probe that is under way may have begun too early.
            isHurried = true;
            if (!isProbing)
                Probe();
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

    private void Probe() => ThreadPool.UnsafeQueueUserWorkItem(static breaker => _ = breaker.ProbeAsync(), this, preferLocal: false);

    private async Task ProbeAsync()
    {
        lock (gate)
        {
            if (!isOpen || isStopped || isProbing)
                return;
            isProbing = true;
        }

        try
        {
            await probe().ConfigureAwait(false);
        }
        catch (Exception)
        {
            lock (gate)
            {
                isProbing = false;
                if (!isStopped)
                    Wait(isHurried ? options.RetryAfter : pause * 2);
                isHurried = false;
            }

            return;
        }

        lock (gate)
            isOpen = isProbing = isHurried = false;
        closed();
    }
}
