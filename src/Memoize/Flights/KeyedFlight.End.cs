using System.Runtime.ExceptionServices;
using Memoize.Observability;
using Memoize.Storage;

namespace Memoize.Flights;

internal sealed partial class KeyedFlight<TKey, TValue>
{
    // What callers are given in place of the failure, if the load has failed.
    private Entry<TValue>? old;

    /// <summary>Whether the load took longer than its callers wait. Guarded by the stripe.</summary>
    internal bool HasTimedOut { get; private set; }

    /// <summary>What became of the load, in the words of <see cref="LoadResult"/>.</summary>
    internal string Result { get; set; } = LoadResult.Stored;

    /// <summary>The load has ended: keeps its value if it may be kept, and wakes everybody.</summary>
    private void End(TValue value, Exception? failure)
    {
        timer?.Dispose();
        var took = time.GetElapsedTime(started) / keysOfLoad;
        Waiter<TKey, TValue>? waiter;
        lock (stripe)
        {
            Scope.Flight = null;
            waiter = TakeWaiters();
            old = cache.Publish(this, value, failure, took);
            stripe.Detach(this);
        }

        Tier?.Finish();
        Report(failure, took);
        Wake(waiter, value, failure, old);
    }

    /// <summary>
    /// The load has not ended in time. Its callers are told so and wait no longer, the key is free for the next load, and what this
    /// one may still bring is not kept.
    /// </summary>
    private void TimeOut()
    {
        var failure = new TimeoutException(cache.TimeoutMessage(timeout));
        Waiter<TKey, TValue>? waiter;
        Entry<TValue>? instead;
        lock (stripe)
        {
            if (!IsRunning || isAbandoned || HasTimedOut)
                return;

            HasTimedOut = true;
            instead = cache.GiveUp(this, failure);
            stripe.Detach(this);
            waiter = TakeWaiters();

            // The load goes on, and nobody waits for it: it may ask for its own key now like anybody else.
            ParentWaits = false;
            for (var one = waiter; one is not null; one = one.Next)
            {
                if (one.Asker is { } asker)
                    WaitGraph.Leave(asker, this);
            }
        }

        MemoLog.TimedOut(cache.Log, cache.Method, failure, servesOld: instead is not null);
        Wake(waiter, default!, failure, instead);
        try
        {
            source!.Cancel();
        }
        catch (Exception)
        {
            // This is the thread of a timer. Whoever registered something that throws has no caller who could be told.
        }
    }

    // What has happened is on record before anybody goes on who waits for it. Not under the lock: listeners are the user's.
    private void Report(Exception? failure, TimeSpan took)
    {
        if (Tier is not { IsFromTier: true })
            MemoMeter.LoadEnded(cache.Method, Result, took);
        LoadActivity.End(Activity, Result, Joined, failure, Tier?.FoundIn);
        if (Result != LoadResult.Stored)
            MemoLog.LoadEnded(cache.Log, cache.Method, Purpose, Result, failure, servesOld: old is not null);
    }

    private Waiter<TKey, TValue>? TakeWaiters()
    {
        var taken = waiters;
        waiters = null;
        for (var waiter = taken; waiter is not null; waiter = waiter.Next)
            waiter.IsListed = false;
        return taken;
    }

    private void Wake(Waiter<TKey, TValue>? waiter, TValue value, Exception? failure, Entry<TValue>? remembered)
    {
        if (waiter is null)
            return;

        var outcome = new Outcome<TValue>(value, failure is null ? null : ExceptionDispatchInfo.Capture(failure));
        var instead = remembered is null ? outcome : new Outcome<TValue>(remembered.Value, null);
        while (waiter is not null)
        {
            var next = waiter.Next;
            if (remembered is not null && waiter.TakesOld)
                cache.CountStaleOnFailure(waiter.Callers);
            waiter.TrySetResult(HasLostItsKey && waiter != (starter ?? sharing) ? Unanswered<TValue>.NotStarted : waiter.TakesOld ? instead : outcome);
            waiter = next;
        }
    }
}
