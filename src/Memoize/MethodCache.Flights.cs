using Memoize.Flights;
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
        if (!Memo.Enabled)
        {
            Interlocked.Increment(ref counters.Bypassed);
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
        if (!Memo.Enabled)
        {
            Interlocked.Increment(ref counters.Bypassed);
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
        if (cancellationToken.IsCancellationRequested)
        {
            if (isCall)
                Interlocked.Increment(ref counters.Misses);
            return default;
        }

        MarkTagged(rules.Tags);
        var asker = LoadContext.Current;
        var hashed = new HashedKey<TKey>(key);
        var stripe = flights.StripeOf(hashed);
        lock (stripe)
        {
            if (isCall && store.TryGet(key, out var entry))
                return new() { Hit = entry };
            if (isCall)
                Interlocked.Increment(ref counters.Misses);

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

    internal void CountLoad() => Interlocked.Increment(ref counters.Loads);

    /// <summary>A flight has ended, and its stripe is locked: keeps its value if it may be kept, and counts what became of it.</summary>
    internal void Publish(KeyedFlight<TKey, TValue> flight, TValue value, bool failed, TimeSpan took)
    {
        Interlocked.Add(ref counters.LoadTicks, took.Ticks);
        if (flight.IsAbandoned)
            Interlocked.Increment(ref counters.NotStoredCancelled);
        else if (failed)
            Interlocked.Increment(ref counters.LoadFailures);
        else if (flight.IsDetached)
            Interlocked.Increment(ref counters.NotStoredEvicted);
        else if (!Memo.Enabled)
            Interlocked.Increment(ref counters.NotStoredDisabled);
        else
            Keep(flight, value);
    }

    // The call has its value; failing to keep it must not take that away, nor leave those who wait in the dark.
    private void Keep(KeyedFlight<TKey, TValue> flight, TValue value)
    {
        try
        {
            if (flight.Terms is not { } terms)
            {
                store.Remove(flight.Key.Key);
                Interlocked.Increment(ref counters.NotStoredFailed);
            }
            else if (!store.Put(flight.Key.Key, value, terms, flight.Tags))
            {
                Interlocked.Increment(ref counters.NotStoredByRule);
            }
        }
        catch (Exception)
        {
            Interlocked.Increment(ref counters.NotStoredFailed);
        }
    }
}
