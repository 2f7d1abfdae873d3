using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Storage;

namespace Memoize;

public sealed partial class MethodCache<TKey, TValue>
{
    /// <summary>
    /// What a caller who found nothing is to do; exactly one member is set, unless a load is to run in the background for the caller's
    /// hit.
    /// </summary>
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
        if (!IsEnabled)
        {
            Tally(ref counters.Bypassed, CacheEventKind.Bypass, key);
            return load(cancellationToken);
        }

        if (tiers is not null)
            load = Behind(key, ref rules, purpose)?.Around(load) ?? load;

        var turn = TakeTurn(key, rules, purpose, blocks: true, cancellationToken);
        if (turn.Hit is { } entry)
        {
            turn.Lead?.RunInBackground(load);
            if (entry is FailedEntry<TValue> failed)
                failed.Failure.Throw();
            return entry.Value;
        }

        if (turn.Lead is { } flight)
            return flight.Run(load, cancellationToken);
        if (turn.Wait is { } waiter)
            return waiter.Flight.MayGoUnanswered ? WaitOrRun(waiter, key, load, rules, purpose, cancellationToken) : waiter.Wait(cancellationToken);

        throw Refusal(turn.Circle, cancellationToken);
    }

    private Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, Purpose purpose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (!IsEnabled)
        {
            Tally(ref counters.Bypassed, CacheEventKind.Bypass, key);
            return load(cancellationToken);
        }

        if (tiers is not null)
            load = Behind(key, ref rules, purpose)?.Around(load) ?? load;

        var turn = TakeTurn(key, rules, purpose, blocks: false, cancellationToken);
        if (turn.Hit is { } entry)
        {
            turn.Lead?.RunInBackground(load);
            return entry is FailedEntry<TValue> failed ? failed.Task : store.TaskOf(entry);
        }

        if (turn.Lead is { } flight)
            return flight.RunAsync(load, cancellationToken);
        if (turn.Wait is { } waiter)
            return waiter.Flight.MayGoUnanswered
                ? WaitOrRunAsync(waiter, key, load, rules, purpose, cancellationToken)
                : waiter.WaitAsync(waiter.LeaveOn(cancellationToken), cancellationToken);
        if (turn.Share is { } task)
            return task;

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
            // What can be served is served, as by any hit; but this caller starts no load.
            if (isCall && Ask(key, out var served) is not (Answer.None or Answer.Failure))
                return new() { Hit = served };
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
            if (isCall)
            {
                var answer = Ask(key, out var entry);
                if (answer is Answer.FreshAndDue or Answer.StaleAndDue)
                    return new() { Hit = entry, Lead = Renew(stripe, hashed, rules, (SoftEntry<TValue>)entry!) };
                if (answer != Answer.None)
                    return new() { Hit = entry };
                Tally(ref counters.Misses, CacheEventKind.Miss, key);
            }

            var flight = stripe.Find(hashed);
            if (flight is not null && !isCall && flight.Purpose != Purpose.Refresh)
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
            return blocks || !isCall || cancellationToken.CanBeCanceled || flight.MayGoUnanswered
                ? new() { Wait = flight.Join(asker, takesOld: isCall) }
                : new() { Share = flight.JoinForGood() };
        }
    }

    /// <summary>
    /// A hit has found an entry that is due: it is quiet from now on, until the load that is under way has ended, or the one that is
    /// returned and that the caller is to start.
    /// </summary>
    private KeyedFlight<TKey, TValue>? Renew(FlightStripe<TKey, TValue> stripe, HashedKey<TKey> key, EntryRules<TValue> rules, SoftEntry<TValue> entry)
    {
        KeyedFlight<TKey, TValue>? started = null;
        var flight = stripe.Find(key);
        if (flight is null)
        {
            // Within no other load: nobody waits for it, and it may outlive what the caller is doing.
            flight = started = new(this, stripe, key, rules, Purpose.Background, parent: null, canLeave: false);
            stripe.Add(flight);
        }

        flight.Renew(entry);
        return started;
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
}
