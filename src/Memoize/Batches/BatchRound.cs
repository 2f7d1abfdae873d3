using System.Runtime.ExceptionServices;
using Memoize.Flights;
using Memoize.Storage;

namespace Memoize.Batches;

/// <summary>
/// What one call of a batch method does about the keys that it did not find at once: it loads those that nobody is loading, in one
/// go, and waits for all of them.
/// </summary>
internal sealed partial class BatchRound<TItem, TKey, TValue>(MethodCache<TKey, TValue> cache, bool canEnd)
    where TKey : IEquatable<TKey>
{
    private readonly List<BatchSlot<TItem, TKey, TValue>> leads = [];
    private readonly List<BatchSlot<TItem, TKey, TValue>> renewals = [];
    private readonly List<BatchSlot<TItem, TKey, TValue>> waiting = [];

    /// <summary>There is a value by now, or a failure that is remembered. If it is due for renewal, <paramref name="renewal"/> does that.</summary>
    internal void Hit(BatchSlot<TItem, TKey, TValue> slot, Entry<TValue> entry, KeyedFlight<TKey, TValue>? renewal)
    {
        if (entry is FailedEntry<TValue> failed)
            failed.Failure.Throw();
        slot.Found(entry.Value);
        if (renewal is not null)
            renewals.Add(new(slot.Item, slot.Key) { Lead = renewal });
    }

    /// <summary>There is none: this call has started a flight, or waits for the flight of another.</summary>
    internal void Miss(BatchSlot<TItem, TKey, TValue> slot, KeyedFlight<TKey, TValue>? lead, Waiter<TKey, TValue>? waiter)
    {
        slot.Lead = lead;
        slot.Waiter = waiter;
        (lead is null ? waiting : leads).Add(slot);
    }

    /// <summary>The call ends before it has begun. Whoever has joined a flight of it meanwhile will load the key itself.</summary>
    internal void Abort()
    {
        foreach (var slot in leads.Concat(renewals))
            slot.Lead!.EndNotStarted();
        foreach (var slot in waiting)
            slot.Waiter!.Leave();
    }

    /// <summary>Runs the load here, and waits for the loads of others, blocking the thread.</summary>
    /// <returns>The keys for which a batch of somebody else has brought no answer that would do for this one.</returns>
    internal List<BatchSlot<TItem, TKey, TValue>> Run(
        string name, Func<TItem[], CancellationToken, BatchAnswer<TValue>[]> load, bool mayBeAbsent, CancellationToken cancellationToken)
    {
        RenewInBackground(name, (items, token) => Task.FromResult(load(items, token)));
        var ours = Enter(name, out var batch);
        using var leaving = LeaveOn(cancellationToken);
        if (Begin(ours) is { Length: > 0 } begun)
            RunLoad(batch, begun, load);

        try
        {
            return Collect(waiter => waiter.Task.GetAwaiter().GetResult(), mayBeAbsent, cancellationToken);
        }
        catch (ThreadInterruptedException)
        {
            LeaveAll();
            throw;
        }
    }

    /// <summary>The same without blocking; the load starts in the context of the caller.</summary>
    internal async Task<List<BatchSlot<TItem, TKey, TValue>>> RunAsync(
        string name, Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load, bool mayBeAbsent, CancellationToken cancellationToken)
    {
        RenewInBackground(name, load);
        var ours = Enter(name, out var batch);
        using var leaving = LeaveOn(cancellationToken);
        if (Begin(ours) is { Length: > 0 } begun)
            _ = RunLoadAsync(batch, begun, load);

        foreach (var slot in waiting)
            await slot.Waiter!.Task.ConfigureAwait(false);
        return Collect(static waiter => waiter.Task.Result, mayBeAbsent, cancellationToken);
    }

    // From here on, this call waits for its own keys as for those of others.
    private List<BatchSlot<TItem, TKey, TValue>> Enter(string name, out BatchFlight batch)
    {
        batch = new(name, leads.Count, canEnd);
        foreach (var slot in leads)
            slot.Waiter = slot.Lead!.EnterBatch(batch);
        waiting.AddRange(leads);
        return leads;
    }

    private static BatchSlot<TItem, TKey, TValue>[] Begin(List<BatchSlot<TItem, TKey, TValue>> slots)
    {
        // The caller may have left already.
        var begun = slots.Where(static slot => !slot.Lead!.IsAbandoned).ToArray();
        foreach (var slot in begun)
            slot.Lead!.BeginInBatch(begun.Length);
        return begun;
    }

    private CancellationTokenRegistration LeaveOn(CancellationToken cancellationToken)
        => cancellationToken.UnsafeRegister(static round => ((BatchRound<TItem, TKey, TValue>)round!).LeaveAll(), this);

    private void LeaveAll()
    {
        foreach (var slot in waiting)
            slot.Waiter!.Leave();
    }

    // All have ended when the first failure is thrown, so that this call waits for nothing any more.
    private List<BatchSlot<TItem, TKey, TValue>> Collect(
        Func<Waiter<TKey, TValue>, Outcome<TValue>?> outcomeOf, bool mayBeAbsent, CancellationToken cancellationToken)
    {
        List<BatchSlot<TItem, TKey, TValue>> open = [];
        ExceptionDispatchInfo? failure = null;
        var left = false;
        foreach (var slot in waiting)
        {
            var outcome = outcomeOf(slot.Waiter!);
            if (outcome is null)
                left = true;
            else if (outcome == Unanswered<TValue>.NotStarted || (outcome == Unanswered<TValue>.Absent && slot.Lead is null && !mayBeAbsent))
                open.Add(slot);
            else if (outcome != Unanswered<TValue>.Absent)
                failure = outcome.TryGet(out slot.Answer) ?? failure;
        }

        if (left)
            throw new OperationCanceledException(cancellationToken);
        failure?.Throw();
        return open;
    }
}
