using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Storage;

namespace Memoize;

public sealed partial class MethodCache<TKey, TValue>
{
    /// <summary>What a caller who found nothing is to do; exactly one member is set.</summary>
    private readonly struct Turn
    {
        internal Entry<TValue>? Hit { get; init; }
        internal KeyedFlight<TKey, TValue>? Lead { get; init; }
        internal Waiter<TKey, TValue>? Wait { get; init; }
        internal Task<TValue>? Share { get; init; }
        internal List<Flight>? Circle { get; init; }
    }

    private TValue Run(TKey key, Func<CancellationToken, TValue> load, EntryRules<TValue> rules, Purpose purpose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (!domain.Enabled)
        {
            Tally(ref counters.Bypassed, CacheEventKind.Bypass, key);
            return load(cancellationToken);
        }

        var turn = TakeTurn(key, rules, purpose, blocks: true, cancellationToken);
        if (turn.Lead is { } flight)
            return flight.Run(load, cancellationToken);
        if (turn.Wait is { } waiter)
            return waiter.Wait(cancellationToken);
        if (turn.Hit is { } entry)
            return entry.Value;

        throw Refusal(turn.Circle, cancellationToken);
    }

    private Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, Purpose purpose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (!domain.Enabled)
        {
            Tally(ref counters.Bypassed, CacheEventKind.Bypass, key);
            return load(cancellationToken);
        }

        var turn = TakeTurn(key, rules, purpose, blocks: false, cancellationToken);
        if (turn.Lead is { } flight)
            return flight.RunAsync(load, cancellationToken);
        if (turn.Wait is { } waiter)
            return waiter.WaitAsync(waiter.LeaveOn(cancellationToken), cancellationToken);
        if (turn.Share is { } task)
            return task;
        if (turn.Hit is { } entry)
            return store.TaskOf(entry);

        return turn.Circle is null
            ? Task.FromCanceled<TValue>(cancellationToken)
            : Task.FromException<TValue>(Refusal(turn.Circle, cancellationToken));
    }

    /// <summary>
    /// Finds an entry that has been published since the caller looked, or joins the flight of the key, or starts one: one step, so
    /// that nothing is loaded twice. Nothing at all for a caller who is cancelled already.
    /// </summary>
    private Turn TakeTurn(TKey key, EntryRules<TValue> rules, Purpose purpose, bool blocks, CancellationToken cancellationToken)
    {
        var isCall = purpose == Purpose.Call;
        if (isCall && TryGetOffTheHitPath(key, out var found))
            return new() { Hit = found };

        if (cancellationToken.IsCancellationRequested)
        {
            if (isCall)
                Tally(ref counters.Misses, CacheEventKind.Miss, key);
            return default;
        }

        MarkTagged(rules.Tags);
        var asker = LoadContext.Current;
        var hashed = new HashedKey<TKey>(key);
        var stripe = flights.StripeOf(hashed);
        lock (stripe)
        {
            if (isCall && Find(key, out var entry))
                return new() { Hit = entry };
            if (isCall)
                Tally(ref counters.Misses, CacheEventKind.Miss, key);

            var flight = stripe.Find(hashed);
            if (flight is not null && !isCall && flight.Purpose == Purpose.Call)
            {
                // A refresh wants a load that begins now. It fences one for callers, and shares only another refresh.
                if (asker is not null && WaitGraph.FindCircle(asker, flight) is { } ring)
                    return new() { Circle = ring };
                stripe.Detach(flight);
                flight = null;
            }

            if (flight is null)
            {
                flight = new(this, stripe, hashed, rules, purpose, asker, cancellationToken.CanBeCanceled);
                stripe.Add(flight);
                return new() { Lead = flight };
            }

            if (asker is not null && WaitGraph.Join(asker, flight) is { } circle)
                return new() { Circle = circle };
            return blocks || cancellationToken.CanBeCanceled
                ? new() { Wait = flight.Join(asker) }
                : new() { Share = flight.JoinForGood() };
        }
    }

    private static Exception Refusal(List<Flight>? circle, CancellationToken cancellationToken)
    {
        if (circle is null)
            return new OperationCanceledException(cancellationToken);

        var asked = circle[0];
        if (circle.Count == 1)
            return new InvalidOperationException($"{asked} asks for itself: the load of this key needs its own result, so it would wait for ever.");

        const int Shown = 4;
        IEnumerable<object> shown = circle.Count <= 2 * Shown
            ? circle
            : [.. circle.Take(Shown), $"({circle.Count - 2 * Shown} more)", .. circle.TakeLast(Shown)];
        return new InvalidOperationException(
            $"{asked} asks for itself through others, so all of them would wait for ever: {string.Join(" -> ", shown)} -> {asked}.");
    }

    internal void CountLoad(TKey key) => Tally(ref counters.Loads, CacheEventKind.Load, key);

    /// <summary>A flight has ended, and its stripe is locked: keeps its value if it may be kept, and counts what became of it.</summary>
    internal void Publish(KeyedFlight<TKey, TValue> flight, TValue value, Exception? failure, TimeSpan took)
    {
        var key = flight.Key.Key;
        Interlocked.Add(ref counters.LoadTicks, took.Ticks);
        if (flight.IsAbandoned)
            Tally(ref counters.NotStoredCancelled, CacheEventKind.NotStored, key, took, failure);
        else if (failure is not null)
            Tally(ref counters.LoadFailures, CacheEventKind.Failed, key, took, failure);
        else if (flight.IsDetached)
            Tally(ref counters.NotStoredEvicted, CacheEventKind.NotStored, key, took);
        else if (!domain.Enabled)
            Tally(ref counters.NotStoredDisabled, CacheEventKind.NotStored, key, took);
        else
            Keep(flight, value, took);
    }

    // The call has its value; failing to keep it must not take that away, nor leave those who wait in the dark.
    private void Keep(KeyedFlight<TKey, TValue> flight, TValue value, TimeSpan took)
    {
        var key = flight.Key.Key;
        try
        {
            if (flight.Terms is not { } terms)
            {
                store.Remove(key);
                Tally(ref counters.NotStoredFailed, CacheEventKind.NotStored, key, took);
            }
            else if (!store.Put(key, value, terms, flight.Tags))
            {
                Tally(ref counters.NotStoredByRule, CacheEventKind.NotStored, key, took);
            }
            else
            {
                Record(CacheEventKind.Stored, key, took);
            }
        }
        catch (Exception e)
        {
            Tally(ref counters.NotStoredFailed, CacheEventKind.NotStored, key, took, e);
        }
    }
}
