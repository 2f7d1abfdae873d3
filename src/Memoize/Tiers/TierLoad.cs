using Memoize.Flights;

namespace Memoize.Tiers;

/// <summary>
/// One load of a method with tiers: looks in the tiers, nearest first, runs the original if none has the value, and stores what it
/// found in those that had none. It is part of the flight of its key, so all of this happens once however many callers wait.
/// </summary>
internal sealed partial class TierLoad<TKey, TValue>(TierPipeline<TKey, TValue> pipeline, TKey key, CacheTier[] tiers, string[] tags, EntryRules<TValue> rules, bool isRefresh) : ITierLoad<TValue>
    where TKey : IEquatable<TKey>
{
    // Only a load that begins needs them; a caller who finds another under way has one of these for nothing.
    private EntryPlace made;
    private Slot[] slots = [];
    private WriteFence<TKey>.Entrant? entrant;

    // Whether a caller has been given an old value meanwhile, so that what is nearly as old is of no use.
    private bool isBackground;

    // Which tier had the value, -1 for an old one in place of a failure; null where the original was run.
    private int? source;
    private TValue found = default!;
    private long foundCreated;
    private long foundExpires;

    // What a tier still had when its time was over, for a load that fails.
    private (TValue Value, long Expires)? stale;

    // Whether the value is one whose time is over: it is good until then, and a load behind it brings another.
    private long? oldUntil;
    private Func<CancellationToken, Task<TValue>>? renewal;

    private bool isKept;
    private bool wasEvicted;
    private TValue kept = default!;
    private long lifetime;
    private long keptAt;

    /// <summary>Whether the original was not run.</summary>
    public bool IsFromTier => source is not null;

    /// <inheritdoc/>
    public string? FoundIn => source is { } at and >= 0 ? tiers[at].Name : null;

    /// <inheritdoc/>
    public string EvictedAs => Place.EvictedAs;

    private EntryPlace Place => made.Whole is null ? made = pipeline.PlaceOf(key) : made;

    /// <summary>The load that looks in the tiers before it runs the original.</summary>
    internal Func<CancellationToken, TValue> Around(Func<CancellationToken, TValue> original) => token => Load(original, token);

    /// <summary>The same for an asynchronous original.</summary>
    internal Func<CancellationToken, Task<TValue>> Around(Func<CancellationToken, Task<TValue>> original) => token => LoadAsync(original, token);

    private TValue Load(Func<CancellationToken, TValue> original, CancellationToken token)
    {
        Begin();
        if (Read(token))
        {
            renewal = token => Task.FromResult(StackGuard.Run(original, token));
            return found;
        }

        pipeline.CountLoad(key, isBackground);
        try
        {
            return original(token);
        }
        catch (Exception e) when (TakesStale(e))
        {
            return found;
        }
    }

    private async Task<TValue> LoadAsync(Func<CancellationToken, Task<TValue>> original, CancellationToken token)
    {
        Begin();
        if (await ReadAsync(token).ConfigureAwait(false))
        {
            renewal = original;
            return found;
        }

        pipeline.CountLoad(key, isBackground);
        try
        {
            return await (original(token) ?? throw new InvalidOperationException($"{pipeline.Name} returned null in place of a task.")).ConfigureAwait(false);
        }
        catch (Exception e) when (TakesStale(e))
        {
            return found;
        }
    }

    /// <summary>The load begins: from here on an eviction of its key fences it.</summary>
    internal void Begin()
    {
        slots = new Slot[tiers.Length];
        isBackground = LoadContext.Background is not null;
        entrant = pipeline.Method.Fence.Enter(key);
    }

    /// <summary>What came from a tier does not live longer in memory than there.</summary>
    public EntryTerms Limit(EntryTerms terms)
        => source is null || foundExpires == 0 ? terms
            : terms with { Most = TimeSpan.FromMilliseconds(Math.Max(1, (oldUntil ?? foundExpires) - pipeline.Now)), IsOld = oldUntil is not null };

    /// <summary>The value is good, and the rules let it be remembered.</summary>
    public void Keep(TValue value, EntryTerms terms)
    {
        isKept = oldUntil is null;
        kept = value;
        keptAt = pipeline.Now;
        lifetime = pipeline.LifetimeOf(value, terms);
    }

    /// <inheritdoc/>
    public void Evicted() => wasEvicted = oldUntil is null;

    /// <summary>The flight has ended, and what it brought is in memory, or is not to be kept. Stores it in the tiers behind the callers' backs.</summary>
    public void Finish()
    {
        if (entrant is null)
            return;

        foreach (var slot in slots)
            slot.Lease?.End();
        if (oldUntil is not null && renewal is not null)
            pipeline.Renew(key, renewal, rules);
        if (!isKept || !pipeline.Method.Fence.MayWrite(entrant))
        {
            if (isKept || wasEvicted)
                CountEvicted();
            isKept = false;
        }

        if (source + 1 < tiers.Length && source >= 0)
            pipeline.KeepUp(key, source.Value + 1);

        // A hit in the nearest tier leaves nothing to be done.
        if ((!isKept || source == 0) && !Array.Exists(slots, static slot => slot.Lease is not null))
        {
            pipeline.Method.Fence.Leave(entrant);
            return;
        }

        // Stores may work on the thread that asks them, and nobody here is to wait for that.
        ThreadPool.UnsafeQueueUserWorkItem(static load => _ = load.WriteAllAsync(), this, preferLocal: false);
    }

    // A load has failed that had something old: that is better than nothing, for a moment.
    internal bool TakesStale(Exception e)
    {
        if (e is OperationCanceledException or BackgroundSkippedException || stale is not { } old)
            return false;

        pipeline.CountStale();
        found = old.Value;
        source = -1;
        foundExpires = pipeline.Now + Math.Min(1000, Math.Max(1, old.Expires - pipeline.Now));
        return true;
    }

    // Whatever the tier would have answered: of the two reasons for which nothing is stored there, this one is the last.
    private void CountEvicted()
    {
        for (var i = 0; i < (source ?? slots.Length); i++)
            Interlocked.Increment(ref tiers[i].Counters.NotStoredEvicted);
    }

    /// <summary>What is known of one tier.</summary>
    private record struct Slot(string Key, byte[] Stamps, HeldLease? Lease, bool MayStore);
}
