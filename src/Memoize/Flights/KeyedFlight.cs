using Memoize.Storage;
using Memoize.Tags;
using Memoize.Tiers;

namespace Memoize.Flights;

/// <summary>
/// One load of one key, and those who wait for it. Joining, leaving, detaching and ending are single steps under the lock of the
/// stripe.
/// </summary>
/// <remarks>
/// A flight that is <em>detached</em> is out of the table, by an eviction, because all its callers have left, or because it took too
/// long: nobody joins it any more, and its value is not kept. It still brings its outcome to those who wait.
/// </remarks>
internal sealed partial class KeyedFlight<TKey, TValue> : Flight
    where TKey : IEquatable<TKey>
{
    private readonly MethodCache<TKey, TValue> cache;
    private readonly FlightStripe<TKey, TValue> stripe;
    private readonly TimeProvider time;

    // That of the moment at which the flight began, whatever is configured meanwhile.
    private readonly TimeSpan timeout;

    // Null if the load cannot be cancelled: its starter cannot leave, so it always has a caller. Never disposed, because a load may
    // keep its token; there is no timer and no handle in it.
    private readonly CancellationTokenSource? source;
    private readonly EntryRules<TValue> rules;

    private int callers = 1;
    private bool starterHasLeft;
    private volatile bool isAbandoned;
    private Waiter<TKey, TValue>? starter;
    private Waiter<TKey, TValue>? waiters;
    private Waiter<TKey, TValue>? sharing;
    private Task<TValue>? shared;
    private SoftEntry<TValue>? renewed;

    internal KeyedFlight(
        MethodCache<TKey, TValue> cache, FlightStripe<TKey, TValue> stripe, HashedKey<TKey> key, EntryRules<TValue> rules, Purpose purpose, Flight? parent, bool canLeave)
        : base(parent)
    {
        this.cache = cache;
        this.stripe = stripe;
        time = cache.Time;
        Key = key;
        this.rules = cache.Findable(key.Key, rules);
        Purpose = purpose;
        timeout = cache.Timeout;
        source = canLeave || HasTimeout ? new() : null;
        if (purpose == Purpose.Background)
            Background = new();
    }

    private bool HasTimeout => timeout > TimeSpan.Zero;

    internal HashedKey<TKey> Key { get; }

    internal Purpose Purpose { get; }

    /// <summary>What its load has to do with the tiers; null for nothing.</summary>
    internal ITierLoad<TValue>? Tier => rules.Tier;

    /// <summary>What its entry can be evicted by.</summary>
    internal EntryTag[]? Tags => rules.Tags;

    /// <summary>Whether its entry would have all of the tags.</summary>
    internal bool HasAll(EntryTag[] tags) => rules.Tags is { } own && Array.TrueForAll(tags, tag => Array.IndexOf(own, tag) >= 0);

    /// <summary>Whether the flight is out of the table, for good. Guarded by the stripe.</summary>
    internal bool IsDetached { get; private set; }

    /// <summary>Whether all callers have left, so that the load is of no use to anybody.</summary>
    internal bool IsAbandoned => isAbandoned;

    /// <summary>How many callers have joined the one who has started the flight, those included that have left. Guarded by the stripe.</summary>
    internal int Joined { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{cache.Method.Name} ({CacheEntry.TextOf(Key)})";

    /// <summary>The load will bring a new value for an entry, which need not ask for another one meanwhile. Needs the lock.</summary>
    internal void Renew(SoftEntry<TValue> entry)
    {
        renewed = entry;
        entry.LoadBegins();
    }

    /// <summary>The flight is no longer in the table. Needs the lock.</summary>
    internal void OnDetached()
    {
        IsDetached = true;
        renewed?.LoadIsOver();
        renewed = null;
    }

    /// <summary>Adds a caller, who must then wait. Needs the lock.</summary>
    /// <param name="asker">The load within which the caller asks, if any; the wait graph knows already.</param>
    /// <param name="takesOld">See <see cref="Waiter{TKey, TValue}.TakesOld"/>.</param>
    internal Waiter<TKey, TValue> Join(Flight? asker, bool takesOld)
    {
        callers++;
        Joined++;
        return Enlist(asker, takesOld);
    }

    /// <summary>Adds a caller who cannot leave and does not block: all of these share one task. Needs the lock.</summary>
    internal Task<TValue> JoinForGood()
    {
        callers++;
        Joined++;
        return Share();
    }

    /// <summary>
    /// A caller leaves because its token is cancelled: <paramref name="waiter"/>, or if null the one who runs the load on its own
    /// thread. If it was the last, the load is cancelled, and the next call starts another.
    /// </summary>
    internal void Leave(Waiter<TKey, TValue>? waiter)
    {
        bool isLast;
        lock (stripe)
        {
            if (!IsRunning || (waiter is null ? starterHasLeft : !waiter.IsListed))
                return;

            if (waiter is null)
                starterHasLeft = true;
            else
                Delist(waiter);
            isLast = --callers == 0;
            if (isLast)
            {
                isAbandoned = true;
                stripe.Detach(this);
            }
        }

        waiter?.TrySetResult(null);
        if (isLast)
            source!.Cancel();
    }

    private Task<TValue> Share()
    {
        if (shared is not null)
        {
            sharing!.Callers++;
            return shared;
        }

        sharing = Enlist(null, takesOld: true);
        return shared = sharing.WaitAsync(default, default);
    }

    private Waiter<TKey, TValue> Enlist(Flight? asker, bool takesOld)
    {
        var waiter = new Waiter<TKey, TValue>(this, asker, takesOld) { Next = waiters, IsListed = true };
        if (waiters is not null)
            waiters.Previous = waiter;
        return waiters = waiter;
    }

    private void Delist(Waiter<TKey, TValue> waiter)
    {
        if (waiter.Previous is { } previous)
            previous.Next = waiter.Next;
        else
            waiters = waiter.Next;
        if (waiter.Next is { } next)
            next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
        waiter.IsListed = false;

        if (waiter == starter)
            ParentWaits = false;
        else if (waiter.Asker is { } asker)
            WaitGraph.Leave(asker, this);
    }
}
