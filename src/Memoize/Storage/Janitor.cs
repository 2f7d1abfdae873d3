namespace Memoize.Storage;

/// <summary>Something that has expired entries to drop.</summary>
internal interface ITrimmable
{
    /// <summary>The length of the shortest lifetime, in milliseconds: what expired need not go more often than in a part of it.</summary>
    long Lifetime { get; }

    /// <summary>Drops expired entries; looks at no more than <paramref name="budget"/> of them.</summary>
    /// <returns>Whether something is left that can expire.</returns>
    bool Tend(int budget);
}

/// <summary>
/// Drops what has expired in caches that nobody uses, so that they do not hold memory for nothing. One timer for all stores of a
/// clock, a bounded amount of work each time it fires, none while there is nothing that can expire.
/// </summary>
/// <remarks>Stores are held weakly, and the timer ends with the last of them: no cache and no unloadable assembly is kept alive.</remarks>
internal sealed class Janitor(TimeProvider provider)
{
    /// <summary>Entries looked at in one store each time the timer fires.</summary>
    public const int Budget = 16 * 1024;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly object gate = new();
    private readonly List<WeakReference<ITrimmable>> stores = [];
    private ITimer? timer;
    private TimeSpan period = Longest;

    /// <summary>Whether the timer runs.</summary>
    public bool IsActive
    {
        get
        {
            lock (this.gate)
                return this.timer is not null;
        }
    }

    /// <summary>Looks after a store until it is empty or gone.</summary>
    public void Add(ITrimmable store)
    {
        // A fraction of the lifetime: what is dead is a small part of what has lived.
        var wanted = TimeSpan.FromMilliseconds(Math.Clamp(store.Lifetime / 4.0, Shortest.TotalMilliseconds, Longest.TotalMilliseconds));
        lock (this.gate)
        {
            this.stores.Add(new WeakReference<ITrimmable>(store));
            if (this.timer is not null && wanted >= this.period)
                return;
            this.period = this.timer is null || wanted < this.period ? wanted : this.period;
            this.Restart();
        }
    }

    /// <summary>One pass over all stores; what the timer does.</summary>
    public void Run()
    {
        WeakReference<ITrimmable>[] known;
        lock (this.gate)
            known = [.. this.stores];

        var done = new HashSet<WeakReference<ITrimmable>>();
        foreach (var reference in known)
        {
            if (!reference.TryGetTarget(out var store) || !store.Tend(Budget))
                done.Add(reference);
        }

        lock (this.gate)
        {
            this.stores.RemoveAll(done.Contains);
            if (this.stores.Count > 0)
                return;
            this.timer?.Dispose();
            this.timer = null;
            this.period = Longest;
        }
    }

    private void Restart()
    {
        if (this.timer is not null)
        {
            this.timer.Change(this.period, this.period);
            return;
        }

        // The context of whoever stored the first value is no business of the timer.
        if (ExecutionContext.IsFlowSuppressed())
        {
            this.Start();
            return;
        }

        using (ExecutionContext.SuppressFlow())
            this.Start();
    }

    private void Start() => this.timer = provider.CreateTimer(static janitor => ((Janitor)janitor!).Run(), this, this.period, this.period);
}
