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
            End(batch, slots, [], e);
        }

        void RunHere()
        {
            BatchAnswer<TValue>[] answers = [];
            Exception? failure = null;
            var context = LoadContext.Enter(batch.Scope);
            batch.Activity = LoadActivity.BeginBatch(cache.Method, batch.Name, slots.Length, inBackground: false);
            try
            {
                answers = StackGuard.Run(token => load(ItemsOf(slots), token), batch.Token);
                Judge(slots, answers);
            }
            catch (Exception e)
            {
                failure = e;
            }

            context.Exit();
            End(batch, slots, answers, failure);
        }
    }

    // Never throws: the failure reaches everybody through the flights.
    private async Task RunLoadAsync(
        BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots, Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load)
    {
        BatchAnswer<TValue>[] answers = [];
        Exception? failure = null;

        // Nothing to exit from: the context of an asynchronous method ends with it.
        LoadContext.Enter(batch.Scope);
        batch.Activity = LoadActivity.BeginBatch(cache.Method, batch.Name, slots.Length, inBackground: batch.Background is not null);
        try
        {
            answers = await StackGuard.Start(token => load(ItemsOf(slots), token), batch.Token)!.ConfigureAwait(false);
            Judge(slots, answers);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (batch.Background is { } background)
            await background.EndAsync().ConfigureAwait(false);
        if (failure is BackgroundSkippedException)
            EndSkipped(batch, slots);
        else
            End(batch, slots, answers, failure);
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
            End(batch, begun, [], e);
        }
    }

    private static TItem[] ItemsOf(BatchSlot<TItem, TKey, TValue>[] slots) => Array.ConvertAll(slots, static slot => slot.Item);

    private static void Judge(BatchSlot<TItem, TKey, TValue>[] slots, BatchAnswer<TValue>[] answers)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            if (answers[i].IsFound)
                slots[i].Lead!.JudgeInBatch(answers[i].Value);
        }
    }

    private static void EndSkipped(BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots)
    {
        batch.End();
        LoadActivity.End(batch.Activity, LoadResult.Skipped, slots.Sum(static slot => slot.Lead!.Joined), failure: null);
        foreach (var slot in slots)
            slot.Lead!.EndSkipped();
    }

    private static void End(BatchFlight batch, BatchSlot<TItem, TKey, TValue>[] slots, BatchAnswer<TValue>[] answers, Exception? failure)
    {
        batch.End();
        LoadActivity.End(batch.Activity, failure is null ? LoadResult.Stored : LoadResult.Failed, slots.Sum(static slot => slot.Lead!.Joined), failure);
        for (var i = 0; i < slots.Length; i++)
        {
            var flight = slots[i].Lead!;
            if (failure is not null)
                flight.FailInBatch(failure);
            else if (answers[i].IsFound)
                flight.EndInBatch(answers[i].Value);
            else
                flight.EndAbsent();
        }
    }
}
