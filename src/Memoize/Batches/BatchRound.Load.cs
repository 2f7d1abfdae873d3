using Memoize.Flights;
using Memoize.Observability;

namespace Memoize.Batches;

// The load of a batch, and what becomes of the flights that wait for it.
internal sealed partial class BatchRound<TItem, TKey, TValue>
{
    private void RunLoad(BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots, Func<TItem[], CancellationToken, BatchAnswer<TValue>[]> load)
    {
        if (!cache.HasTimeout || TimedThread.CallersWaitUntil <= cache.WaitsUntil)
        {
            RunHere();
            return;
        }

        try
        {
            TimedThread.Start(cache.WaitsUntil, RunHere);
        }
        catch (Exception e)
        {
            EndAll(batch, slots, BatchStep<TItem, TKey, TValue>.Failed(slots, e));
        }

        void RunHere()
        {
            var context = LoadContext.Enter(batch.Scope);
            batch.Activity = LoadActivity.BeginBatch(cache.Method, batch.Name, slots.Length, inBackground: false);
            var work = new BatchLoad<TItem, TKey, TValue>(slots);
            var step = work.Next(load, batch.Token);
            for (; !work.IsOver; step = work.Next(load, batch.Token))
                End(step, batch);

            context.Exit();
            EndAll(batch, slots, step);
        }
    }

    // Never throws: the failure reaches everybody through the flights.
    private async Task RunLoadAsync(
        BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots, Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load)
    {
        // Nothing to exit from: the context of an asynchronous method ends with it.
        LoadContext.Enter(batch.Scope);
        batch.Activity = LoadActivity.BeginBatch(cache.Method, batch.Name, slots.Length, inBackground: batch.Background is not null);
        var work = new BatchLoad<TItem, TKey, TValue>(slots);
        var step = await work.NextAsync(load, batch.Token).ConfigureAwait(false);
        for (; !work.IsOver; step = await work.NextAsync(load, batch.Token).ConfigureAwait(false))
            End(step, batch);

        if (batch.Background is { } background)
            await background.EndAsync().ConfigureAwait(false);
        EndAll(batch, slots, step);
    }

    // Old values that are due have been served. One load in the background renews all of them, and nobody waits for it.
    private void RenewInBackground(string name, Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load)
    {
        if (renewals.Count == 0)
            return;

        var batch = new BatchFlight(name, renewals.Count, canEnd: cache.HasTimeout) { Background = new() };
        foreach (var slot in renewals)
            slot.Lead!.EnterBackgroundBatch(batch);
        var begun = Begin(renewals);
        try
        {
            ThreadPool.QueueUserWorkItem(static work => _ = work.Round.RunLoadAsync(work.Batch, work.Begun, work.Load), (Round: this, Batch: batch, Begun: begun, Load: load), preferLocal: false);
        }
        catch (Exception e)
        {
            EndAll(batch, begun, BatchStep<TItem, TKey, TValue>.Failed(begun, e));
        }
    }

    private static TItem[] ItemsOf(BatchSlot<TItem, TKey, TValue>[] slots) => Array.ConvertAll(slots, static slot => slot.Item);

    // The last step: what has happened is on record before anybody goes on who waits for it.
    private static void EndAll(BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots, BatchStep<TItem, TKey, TValue> last)
    {
        batch.End();
        if (batch.Activity is { } activity && slots.Count(static slot => slot.Lead!.Tier?.FoundIn is not null) is var found and > 0)
            activity.SetTag("memoize.batch.keys_from_tiers", found);
        var result = last.Failure is null ? LoadResult.Stored : last.Failure is BackgroundSkippedException ? LoadResult.Skipped : LoadResult.Failed;
        LoadActivity.End(batch.Activity, result, slots.Sum(static slot => slot.Lead!.Joined), result == LoadResult.Failed ? last.Failure : null);
        End(last, batch: null);
    }

    // Of what a step has brought nobody waits for the batch any longer.
    private static void End(BatchStep<TItem, TKey, TValue> step, BatchFlight? batch)
    {
        for (var i = 0; i < step.Slots.Length; i++)
        {
            var flight = step.Slots[i].Lead!;
            if (step.Answers[i].IsFound)
                flight.EndInBatch(step.Answers[i].Value);
            else if (step.Failure is BackgroundSkippedException)
                flight.EndSkipped();
            else if (step.Failure is { } failure)
                flight.FailInBatch(failure);
            else
                flight.EndAbsent();

            if (flight is { IsAbandoned: false, HasTimedOut: false })
                batch?.OneIsOfNoUse();
        }
    }
}
