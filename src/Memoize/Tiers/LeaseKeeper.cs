namespace Memoize.Tiers;

/// <summary>
/// Renews the leases of the loads that take long, each after a third of its duration and again and again until its load ends. A load that
/// is over before costs a place in a list: there is one timer for all, and it runs only while there are leases.
/// </summary>
internal sealed class LeaseKeeper
{
    private readonly object gate = new();

    // The one that was tried the longest time ago first: all wait for the same time.
    private readonly LinkedList<HeldLease> waiting = new();
    private readonly CacheTierOptions options;
    private readonly Func<HeldLease, Task<bool>> renew;
    private readonly Action<HeldLease> release;
    private readonly TimeSpan pause;
    private readonly ITimer timer;
    private bool isArmed;
    private bool isStopped;

    /// <param name="options">The times.</param>
    /// <param name="renew">Renews a lease; never throws. Gives whether that makes sense once more.</param>
    /// <param name="release">Gives one back whose value nobody wants any longer; never throws.</param>
    internal LeaseKeeper(CacheTierOptions options, Func<HeldLease, Task<bool>> renew, Action<HeldLease> release)
    {
        (this.options, this.renew, this.release) = (options, renew, release);
        pause = TimeSpan.FromSeconds(options.LeaseDuration / 3);

        // The timer carries the context of whoever adds the tier, and he is not the one on whose behalf it is asked.
        timer = options.TimeProvider.CreateTimer(
            static keeper => ThreadPool.UnsafeQueueUserWorkItem(static keeper => _ = keeper.RunAsync(), (LeaseKeeper)keeper!, preferLocal: false),
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a try may take: then the next one is due.</summary>
    internal TimeSpan Pause => pause;

    /// <summary>The leases that wait to be renewed.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    internal long Now => options.TimeProvider.GetTimestamp();

    /// <summary>A load has been given a lease.</summary>
    internal HeldLease Add(string key, CacheLease lease, CancellationToken abandoned)
    {
        var now = Now;
        var held = new HeldLease(this, key, lease, abandoned) { Taken = now, Since = now };
        lock (gate)
            Wait(held, now);
        return held;
    }

    /// <summary>Its load has ended.</summary>
    internal void End(HeldLease held)
    {
        lock (gate)
        {
            held.HasEnded = true;
            if (held.Place?.List is not null)
                waiting.Remove(held.Place);
        }
    }

    /// <summary>Whether a lease is over by this process's own clock, whatever has become of it.</summary>
    internal bool IsOver(HeldLease held) => Since(held.Since).TotalSeconds >= options.LeaseDuration;

    /// <summary>The store is used no longer.</summary>
    internal void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            waiting.Clear();
        }

        timer.Dispose();
    }

    private void Wait(HeldLease held, long now)
    {
        if (isStopped)
            return;
        held.Tried = now;
        held.Place ??= new(held);
        waiting.AddLast(held.Place);
        Arm();
    }

    private void Arm()
    {
        if (isArmed || isStopped || waiting.First is not { } first)
            return;
        isArmed = true;
        var due = pause - Since(first.Value.Tried);
        timer.Change(due > TimeSpan.FromMilliseconds(1) ? due : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private async Task RunAsync()
    {
        foreach (var some in Due().Chunk(CacheTier.AtOnce))
            await Task.WhenAll(some.Select(KeepAsync)).ConfigureAwait(false);
    }

    // What is due soon is done with what is due now.
    private List<HeldLease> Due()
    {
        var due = new List<HeldLease>();
        lock (gate)
        {
            isArmed = false;
            while (waiting.First is { } first && Since(first.Value.Tried) >= 0.875 * pause)
            {
                waiting.RemoveFirst();
                due.Add(first.Value);
            }

            Arm();
        }

        return due;
    }

    private async Task KeepAsync(HeldLease held)
    {
        if (held.IsAbandoned)
        {
            release(held);
            return;
        }

        // Whoever takes longer than that has hung, as far as anybody can tell: the others are not to wait for ever.
        if (Since(held.Taken).TotalSeconds >= options.LongestLoad || !await renew(held).ConfigureAwait(false))
            return;

        lock (gate)
        {
            if (!held.HasEnded)
                Wait(held, Now);
        }
    }

    private TimeSpan Since(long time) => options.TimeProvider.GetElapsedTime(time);
}
