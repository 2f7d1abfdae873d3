using System.Globalization;
using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Storage;

namespace Memoize;

// What flights report.
public sealed partial class MethodCache<TKey, TValue>
{
    // Timers count milliseconds in 32 bits. Who waits for longer than this waits for ever.
    private const double LongestTimer = 49 * 86400;

    /// <summary>How long callers wait for a load; zero for as long as it takes.</summary>
    internal TimeSpan Timeout => TimeSpan.FromSeconds(Math.Min(Method.CurrentOptions.Timeout, LongestTimer));

    internal bool HasTimeout => Timeout > TimeSpan.Zero;

    internal string TimeoutMessage(TimeSpan timeout)
        => string.Create(CultureInfo.InvariantCulture, $"{Method.Name} has not returned within {timeout.TotalSeconds} seconds, its Timeout.");

    internal void CountLoad(TKey key, Purpose purpose)
    {
        Tally(ref counters.Loads, CacheEventKind.Load, key);
        if (purpose == Purpose.Background)
            Interlocked.Increment(ref counters.BackgroundLoads);
    }

    internal void CountStaleOnFailure(int callers) => Interlocked.Add(ref counters.StaleOnFailure, callers);

    /// <summary>Whether callers would be given what is remembered in place of a failure.</summary>
    internal bool HasAfter(TKey key, Exception failure)
    {
        try
        {
            return IsEnabled && !FindsNothing && store.HasAfter(key, failure);
        }
        catch (Exception)
        {
            // The equality of the key throws. The failure of the load is what the caller must see.
            return false;
        }
    }

    /// <summary>A flight has ended, and its stripe is locked: keeps its value if it may be kept, and counts what became of it.</summary>
    /// <returns>If the load has failed: what callers are given in place of the failure, if anything.</returns>
    internal Entry<TValue>? Publish(KeyedFlight<TKey, TValue> flight, TValue value, Exception? failure, TimeSpan took)
    {
        if (flight.Tier is not { IsFromTier: true })
            Interlocked.Add(ref counters.LoadTicks, took.Ticks);
        if (flight.HasTimedOut)
        {
            Refuse(ref counters.NotStoredTimedOut, flight, LoadResult.TimedOut, took, failure);
        }
        else if (flight.IsAbandoned)
        {
            Refuse(ref counters.NotStoredCancelled, flight, LoadResult.Cancelled, took, failure);
        }
        else if (failure is not null)
        {
            flight.Result = LoadResult.Failed;
            // Counted when it is done: who sees the number sees what became of the entry.
            var remembered = flight.HasLostItsKey ? null : Fail(flight, failure);
            Tally(ref counters.LoadFailures, CacheEventKind.Failed, flight.Key.Key, took, failure);
            return remembered;
        }
        else if (flight.IsDetached)
        {
            flight.Tier?.Evicted();
            Refuse(ref counters.NotStoredEvicted, flight, LoadResult.Evicted, took);
        }
        else if (!IsEnabled)
        {
            Refuse(ref counters.NotStoredDisabled, flight, LoadResult.Disabled, took);
        }
        else if (flight.HasLostItsKey)
        {
            Refuse(ref counters.NotStoredFailed, flight, LoadResult.Unkeepable, took);
        }
        else
        {
            Keep(flight, value, took);
        }

        return null;
    }

    /// <summary>The callers of a flight wait no longer; its stripe is locked.</summary>
    /// <returns>What they are given in place of the exception, if anything.</returns>
    internal Entry<TValue>? GiveUp(KeyedFlight<TKey, TValue> flight, TimeoutException failure)
    {
        Interlocked.Increment(ref counters.Timeouts);
        return Fail(flight, failure);
    }

    /// <summary>A load in the background has had nothing to run on, so it was none; its stripe is locked.</summary>
    internal void PublishSkip(KeyedFlight<TKey, TValue> flight)
    {
        Interlocked.Decrement(ref counters.Loads);
        Interlocked.Decrement(ref counters.BackgroundLoads);
        try
        {
            if (!flight.IsDetached)
                store.Postpone(flight.Key.Key);
        }
        catch (Exception)
        {
            // The equality of the key throws. Those who wait must be told all the same.
        }

        // Counted when it is done: who sees the number sees what became of the entry.
        Interlocked.Increment(ref counters.BackgroundSkipped);
    }

    private Entry<TValue>? Fail(KeyedFlight<TKey, TValue> flight, Exception failure)
    {
        if (!IsEnabled)
            return null;

        try
        {
            var remembered = store.Fail(flight.Key.Key, failure, flight.Tags, isOfUse: !flight.IsDetached);
            return FindsNothing ? null : remembered;
        }
        catch (Exception)
        {
            // The equality of the key throws. Those who wait must be told of the failure all the same.
            return null;
        }
    }

    // The call has its value; failing to keep it must not take that away, nor leave those who wait in the dark.
    private void Keep(KeyedFlight<TKey, TValue> flight, TValue value, TimeSpan took)
    {
        var key = flight.Key.Key;
        Exception? failure = null;
        try
        {
            if (flight.Terms is { } terms)
            {
                var kept = store.Put(key, value, flight.Tier?.Limit(terms) ?? terms, flight.Tags);
                if (kept is Kept.Stored or Kept.RefusedAsTooHeavy)
                    flight.Tier?.Keep(value, terms);
                CountKept(kept, flight, took);
                return;
            }

            // The rules threw. What the key had is out of date.
            store.Remove(key);
        }
        catch (Exception e)
        {
            failure = e;        // the equality of the key throws
        }

        Refuse(ref counters.NotStoredFailed, flight, LoadResult.Unkeepable, took, failure);
    }

    private void CountKept(Kept kept, KeyedFlight<TKey, TValue> flight, TimeSpan took)
    {
        switch (kept)
        {
            case Kept.RefusedByRule:
                Refuse(ref counters.NotStoredByRule, flight, LoadResult.ByRule, took);
                break;
            case Kept.RefusedAsNull:
                Refuse(ref counters.NotStoredNull, flight, LoadResult.Null, took);
                break;
            case Kept.RefusedAsTooHeavy:
                Refuse(ref counters.NotStoredTooHeavy, flight, LoadResult.TooHeavy, took);
                break;
            default:
                Record(CacheEventKind.Stored, flight.Key.Key, took);
                break;
        }
    }

    private void Refuse(ref long counter, KeyedFlight<TKey, TValue> flight, string reason, TimeSpan took, Exception? failure = null)
    {
        flight.Result = reason;
        Tally(ref counter, CacheEventKind.NotStored, flight.Key.Key, took, failure);
    }
}
