using Memoize.Batches;
using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Observability;

namespace Memoize;

// What calls of batch methods need of the cache, besides the turns that they take like all calls.
public sealed partial class MethodCache<TKey, TValue>
{
    // Whether a flight can be left depends on its callers; a caller of a batch has been asked before it takes its turns, and must not
    // be turned away between two of them.
    private static readonly CancellationToken CanLeave = new CancellationTokenSource().Token;

    /// <summary>
    /// Takes the turns of all keys, one after the other: what has been remembered meanwhile is a hit, what is being loaded is waited
    /// for, and the rest is to be loaded by this caller. No two stripes are locked at once, and nobody waits before all loads that are
    /// to be started here are on their way, so calls that overlap in any order never wait for each other in a circle.
    /// </summary>
    internal BatchRound<TItem, TKey, TValue> TakeTurns<TItem>(
        IReadOnlyList<BatchSlot<TItem, TKey, TValue>> slots, Func<TItem, EntryRules<TValue>>? rules, Func<TItem, TKey>? keyOf, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            foreach (var slot in slots)
                Tally(ref counters.Misses, CacheEventKind.Miss, slot.Key);
            throw new OperationCanceledException(cancellationToken);
        }

        var round = new BatchRound<TItem, TKey, TValue>(this, cancellationToken.CanBeCanceled || HasTimeout);
        try
        {
            var behind = tiers?.Tiers ?? [];
            foreach (var slot in slots)
            {
                var ofItem = rules?.Invoke(slot.Item) ?? default;
                var turn = TakeTurn(
                    slot.Key,
                    ofItem with
                    {
                        MayGoUnanswered = true,
                        KeyHolds = keyOf is null ? null : () => keyOf(slot.Item).Equals(slot.Key),
                        Tier = tiers?.Begin(slot.Key, ofItem, behind, isRefresh: false),
                    },
                    Purpose.Call,
                    blocks: true,
                    cancellationToken.CanBeCanceled ? CanLeave : CancellationToken.None);
                if (turn.Circle is not null)
                    throw Refusal(turn.Circle, cancellationToken);
                if (turn.Hit is { } entry)
                    round.Hit(slot, entry, turn.Lead);
                else
                    round.Miss(slot, turn.Lead, turn.Wait);
            }
        }
        catch (Exception)
        {
            round.Abort();
            throw;
        }

        return round;
    }

    /// <summary>When callers who begin to wait now go, in ticks of the clock of all lifetimes, where they do not wait for ever.</summary>
    internal long WaitsUntil => Time.GetElapsedTime(0).Ticks + Timeout.Ticks;

    /// <summary>The cache of the current flow of execution that stands for this one.</summary>
    internal MethodCache<TKey, TValue> OfThisFlow => Here;

    /// <summary>Whether nothing is to be remembered now; if so, the keys are counted as calls of the original.</summary>
    internal bool IsBypassed(IEnumerable<TKey> keys)
    {
        if (IsEnabled)
            return false;

        foreach (var key in keys)
            Tally(ref counters.Bypassed, CacheEventKind.Bypass, key);
        return true;
    }

    /// <summary>A load of a batch has ended without a value for the key of the flight, whose stripe is locked.</summary>
    internal void PublishAbsence(KeyedFlight<TKey, TValue> flight, TimeSpan took)
    {
        Interlocked.Add(ref counters.LoadTicks, took.Ticks);
        if (flight.HasTimedOut)
            Refuse(ref counters.NotStoredTimedOut, flight, LoadResult.TimedOut, took);
        else if (flight.IsAbandoned)
            Refuse(ref counters.NotStoredCancelled, flight, LoadResult.Cancelled, took);
        else
            Refuse(ref counters.NotStoredAbsent, flight, LoadResult.Absent, took);
        if (flight.IsDetached)
            return;

        try
        {
            // What the key had, if it was renewed, is out of date.
            store.Remove(flight.Key.Key);
        }
        catch (Exception)
        {
            // The equality of the key throws. Those who wait must be told all the same.
        }
    }

    // The batch that was loading the key may return nothing for it, and then this caller loads it. It has been counted.
    private TValue WaitOrRun(
        Waiter<TKey, TValue> waiter, TKey key, Func<CancellationToken, TValue> load, EntryRules<TValue> rules, Purpose purpose, CancellationToken cancellationToken)
    {
        try
        {
            return waiter.Wait(cancellationToken);
        }
        catch (UnansweredException)
        {
            Interlocked.Decrement(ref counters.Misses);
        }

        return Run(key, load, rules, purpose, cancellationToken);
    }

    private async Task<TValue> WaitOrRunAsync(
        Waiter<TKey, TValue> waiter, TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, Purpose purpose, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.WaitAsync(waiter.LeaveOn(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (UnansweredException)
        {
            Interlocked.Decrement(ref counters.Misses);
        }

        return await RunAsync(key, load, rules, purpose, cancellationToken).ConfigureAwait(false);
    }
}
