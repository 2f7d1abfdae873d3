using Memoize.Flights;
using Memoize.Tiers;

namespace Memoize.Batches;

/// <summary>
/// The load of a batch, step by step, until nothing is left: what a tier has needs no load, and the original is asked for the rest in
/// one go. Only what another process is loading is waited for afterwards, when this one holds no key that others wait for; should
/// that process fail, one more load brings what is then still missing.
/// </summary>
internal sealed class BatchLoad<TItem, TKey, TValue>
    where TKey : IEquatable<TKey>
{
    private BatchSlot<TItem, TKey, TValue>[] unknown = [];
    private BatchSlot<TItem, TKey, TValue>[] missing = [];
    private bool hasBegun;

    /// <summary>A load for flights that have begun. Its steps run within the context of their batch.</summary>
    internal BatchLoad(BatchSlot<TItem, TKey, TValue>[] slots)
    {
        if (slots[0].Lead!.Tier is null)
            missing = slots;
        else
            unknown = slots;
    }

    /// <summary>Whether everything has been brought, or has failed.</summary>
    internal bool IsOver => unknown.Length == 0 && missing.Length == 0;

    /// <summary>Runs the next step on this thread. Never throws.</summary>
    internal BatchStep<TItem, TKey, TValue> Next(Func<TItem[], CancellationToken, BatchAnswer<TValue>[]> load, CancellationToken token)
    {
        try
        {
            return Find(token) ?? Loaded(StackGuard.Run(token => load(Begin(), token), token));
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    /// <summary>Runs the next step. Never throws.</summary>
    internal async Task<BatchStep<TItem, TKey, TValue>> NextAsync(Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load, CancellationToken token)
    {
        try
        {
            return await FindAsync(token).ConfigureAwait(false)
                ?? Loaded(await StackGuard.Start(token => load(Begin(), token), token)!.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            return Fail(e);
        }
    }

    // What the tiers have; null if there is something that they do not have, and that is to be loaded now.
    private BatchStep<TItem, TKey, TValue>? Find(CancellationToken token)
    {
        using var blocked = new BlockedCaller();
        return FindAsync(new TierCaller(blocked, token)).Wait();
    }

    private async ValueTask<BatchStep<TItem, TKey, TValue>?> FindAsync(TierCaller caller)
    {
        for (var looks = 0; missing.Length == 0; looks++)
        {
            var loads = Array.ConvertAll(unknown, TierOf);
            for (var i = 0; i < loads.Length && !hasBegun; i++)
                loads[i].Begin();
            hasBegun = true;
            await TierLoad<TKey, TValue>.LookAsync(loads, caller).ConfigureAwait(false);
            var found = Array.FindAll(unknown, static slot => TierOf(slot).IsFromTier);
            missing = Array.FindAll(unknown, static slot => TierOf(slot).IsMissing);
            unknown = Array.FindAll(unknown, static slot => TierOf(slot) is { IsFromTier: false, IsMissing: false });
            if (found.Length > 0)
                return new(found, Array.ConvertAll(found, static slot => new BatchAnswer<TValue>(true, TierOf(slot).Found)), failure: null);
            if (missing.Length > 0)
                break;

            if (caller.MayPause())
            {
                await caller.PauseAsync(TierLoad<TKey, TValue>.PauseAfter(looks)).ConfigureAwait(false);
                continue;
            }

            Array.ForEach(unknown, static slot => TierOf(slot).LoadHere());
            (missing, unknown) = (unknown, []);
        }

        return null;
    }

    private TItem[] Begin()
    {
        foreach (var slot in missing)
            slot.Lead!.LoadInBatch(missing.Length);
        return Array.ConvertAll(missing, static slot => slot.Item);
    }

    private BatchStep<TItem, TKey, TValue> Loaded(BatchAnswer<TValue>[] answers)
    {
        var loaded = missing;
        missing = [];
        return new(loaded, answers, failure: null);
    }

    // Of everything that is left. An old value is better than a failure, where a tier has one.
    private BatchStep<TItem, TKey, TValue> Fail(Exception e)
    {
        BatchSlot<TItem, TKey, TValue>[] left = [.. missing, .. unknown];
        missing = unknown = [];
        var answers = Array.ConvertAll(left, slot => slot.Lead!.Tier is TierLoad<TKey, TValue> load && load.TakesStale(e) ? new(true, load.Found) : default(BatchAnswer<TValue>));
        return new(left, answers, e);
    }

    private static TierLoad<TKey, TValue> TierOf(BatchSlot<TItem, TKey, TValue> slot) => (TierLoad<TKey, TValue>)slot.Lead!.Tier!;
}

/// <summary>What one step of a load has brought.</summary>
internal sealed class BatchStep<TItem, TKey, TValue>
    where TKey : IEquatable<TKey>
{
    internal BatchStep(BatchSlot<TItem, TKey, TValue>[] slots, BatchAnswer<TValue>[] answers, Exception? failure)
    {
        (Slots, Answers, Failure) = (slots, answers, failure);
        for (var i = 0; i < slots.Length; i++)
        {
            if (answers[i].IsFound)
                slots[i].Lead!.JudgeInBatch(answers[i].Value);
        }
    }

    internal BatchSlot<TItem, TKey, TValue>[] Slots { get; }

    /// <summary>For each of the slots.</summary>
    internal BatchAnswer<TValue>[] Answers { get; }

    /// <summary>Why there are slots without an answer; null where their keys have no value.</summary>
    internal Exception? Failure { get; }

    internal static BatchStep<TItem, TKey, TValue> Failed(BatchSlot<TItem, TKey, TValue>[] slots, Exception failure)
        => new(slots, new BatchAnswer<TValue>[slots.Length], failure);
}
