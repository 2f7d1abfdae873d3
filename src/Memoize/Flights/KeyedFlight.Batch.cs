using Memoize.Observability;

namespace Memoize.Flights;

// A flight whose value comes from the load of a batch, which runs for several keys at once.
internal sealed partial class KeyedFlight<TKey, TValue>
{
    // The keys among which the time of the load is divided.
    private int keysOfLoad = 1;

    /// <summary>Whether the load may end without an answer, so that those who wait must be able to load themselves.</summary>
    internal bool MayGoUnanswered => rules.MayGoUnanswered || rules.KeyHolds is not null || Purpose == Purpose.Background;

    /// <summary>
    /// The caller who has started the flight waits for it like all others, and the flight waits for the load of the batch. Before the
    /// load begins.
    /// </summary>
    internal Waiter<TKey, TValue> EnterBatch(BatchFlight batch)
    {
        WaitGraph.Link(this, batch);
        source?.Token.UnsafeRegister(static batch => ((BatchFlight)batch!).OneIsOfNoUse(), batch);
        lock (stripe)
            return starter = Enlist(null, takesOld: true);
    }

    /// <summary>The same for an entry that is renewed in the background: nobody waits.</summary>
    internal void EnterBackgroundBatch(BatchFlight batch) => WaitGraph.Link(this, batch);

    /// <summary>The load of the batch begins.</summary>
    /// <param name="keys">How many keys it loads.</param>
    internal void BeginInBatch(int keys)
    {
        keysOfLoad = keys;
        Begin();
    }

    /// <summary>No tier has the value, so that the original runs for it.</summary>
    /// <param name="keys">How many keys it loads.</param>
    internal void LoadInBatch(int keys)
    {
        keysOfLoad = keys;
        if (Tier is not null)
            cache.CountLoad(Key.Key, Purpose);
    }

    /// <summary>Asks the rules for this value, while the load of the batch is still on record.</summary>
    internal void JudgeInBatch(TValue value) => Judge(value);

    internal void EndInBatch(TValue value) => End(value, null);

    /// <summary>
    /// The load of the batch has failed. That says nothing about this key alone: the failure reaches those who wait, and is not
    /// remembered.
    /// </summary>
    internal void FailInBatch(Exception failure)
    {
        lock (stripe)
            stripe.Detach(this);
        End(default!, failure);
    }

    /// <summary>The load of the batch has ended, and what it returned lacks this key.</summary>
    internal void EndAbsent() => EndUnanswered(Unanswered<TValue>.Absent, ran: true);

    /// <summary>There will be no load of the batch.</summary>
    internal void EndNotStarted() => EndUnanswered(Unanswered<TValue>.NotStarted, ran: false);

    /// <summary>The load in the background has found nothing that it could run on. Those who have joined load themselves.</summary>
    internal void EndSkipped() => EndUnanswered(Unanswered<TValue>.NotStarted, ran: false, skipped: true);

    private void EndUnanswered(Outcome<TValue> outcome, bool ran, bool skipped = false)
    {
        timer?.Dispose();
        var took = ran ? time.GetElapsedTime(started) / keysOfLoad : TimeSpan.Zero;
        Waiter<TKey, TValue>? waiter;
        lock (stripe)
        {
            Scope.Flight = null;
            waiter = TakeWaiters();
            if (ran)
                cache.PublishAbsence(this, took);
            if (skipped)
                cache.PublishSkip(this);
            stripe.Detach(this);
        }

        Tier?.Finish();
        if (ran)
            Report(failure: null, took);
        if (skipped)
            LoadActivity.End(Activity, LoadResult.Skipped, Joined, failure: null);
        while (waiter is not null)
        {
            var next = waiter.Next;
            waiter.TrySetResult(outcome);
            waiter = next;
        }
    }
}
