namespace Memoize.Tiers;

/// <summary>
/// Keeps callers away from a store that has failed: the first failure opens it, and while it is open nobody waits. After a pause the
/// next caller causes a probe in the background, and only the probe's success closes it again.
/// </summary>
internal sealed class Breaker(CacheTierOptions options, Func<Task<bool>> probe)
{
    private const double LongestPause = 4;

    private readonly object gate = new();
    private volatile bool isOpen;
    private bool isProbing;
    private double pause;
    private long retryAt;

    internal bool IsOpen => isOpen;

    /// <summary>Whether the store may be used now.</summary>
    internal bool Allows()
    {
        if (!isOpen)
            return true;

        lock (gate)
        {
            if (!isOpen)
                return true;
            if (isProbing || options.TimeProvider.GetTimestamp() < retryAt)
                return false;
            isProbing = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static breaker => _ = breaker.ProbeAsync(), this, preferLocal: false);
        return false;
    }

    /// <summary>An operation has failed.</summary>
    internal void Open()
    {
        lock (gate)
        {
            // Operations that were under way together fail together: that is one failure.
            if (isOpen && !isProbing)
                return;
            pause = isOpen ? Math.Min(pause * 2, LongestPause) : Math.Min(options.RetryAfter, LongestPause);
            retryAt = options.TimeProvider.GetTimestamp() + (long)(pause * options.TimeProvider.TimestampFrequency);
            isOpen = true;
            isProbing = false;
        }
    }

    private async Task ProbeAsync()
    {
        bool isBack;
        try
        {
            isBack = await probe().ConfigureAwait(false);
        }
        catch (Exception)
        {
            isBack = false;
        }

        if (!isBack)
        {
            Open();
            return;
        }

        lock (gate)
        {
            isOpen = false;
            isProbing = false;
        }
    }
}
