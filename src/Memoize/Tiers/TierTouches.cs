using System.Collections.Concurrent;

namespace Memoize.Tiers;

/// <summary>
/// Lets the entries of a method live on in the tiers while they are used in memory, where the tiers do not see it. A touch begins the
/// sliding lifetime of an entry anew, if the store still has it, and never brings one back: it is no write. Hits leave the keys here, and
/// everything else happens behind their backs.
/// </summary>
internal sealed class TierTouches<TKey>(MethodTiers<TKey> method) : IThreadPoolWorkItem
    where TKey : IEquatable<TKey>
{
    /// <summary>How many may wait. A key that finds no room is left out, and comes again with the next eighth of its lifetime.</summary>
    internal const int MostWaiting = 1024;

    private readonly object gate = new();
    private readonly ConcurrentQueue<Touch> waiting = new();
    private int count;
    private int isRunning;

    /// <summary>An entry is in use. Called by hits: no lock, and nothing is allocated.</summary>
    /// <param name="key">The key.</param>
    /// <param name="identity">Whose entry it is.</param>
    /// <param name="from">The nearest of the tiers that have not seen the use.</param>
    internal void Add(TKey key, EntryIdentity identity, int from)
    {
        if (from >= method.Tiers.Length)
            return;

        var touch = new Touch(key, identity, from);
        if (Interlocked.Increment(ref count) > MostWaiting)
        {
            Interlocked.Decrement(ref count);
            LeaveOut(touch);
            return;
        }

        waiting.Enqueue(touch);
        if (Volatile.Read(ref isRunning) == 0 && Interlocked.Exchange(ref isRunning, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Makes the touches that wait. Those that somebody else has begun with are known to the fence.</summary>
    internal async Task DrainAsync()
    {
        while (Begin() is { Count: > 0 } begun)
            await Task.WhenAll(begun).ConfigureAwait(false);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        do
        {
            await DrainAsync().ConfigureAwait(false);
            Interlocked.Exchange(ref isRunning, 0);
        }
        while (!waiting.IsEmpty && Interlocked.Exchange(ref isRunning, 1) == 0);
    }

    // Some at a time. When nothing waits any longer, whatever was taken out has entered the fence.
    private List<Task> Begin()
    {
        var begun = new List<(Touch Touch, WriteFence<TKey>.Entrant Entrant)>();
        lock (gate)
        {
            while (begun.Count < CacheTier.AtOnce && waiting.TryDequeue(out var touch))
            {
                Interlocked.Decrement(ref count);
                var entrant = method.Fence.Enter(touch.Key);
                if (method.Fence.MayWrite(entrant))
                {
                    begun.Add((touch, entrant));
                }
                else
                {
                    // The key is being evicted, or set.
                    method.Fence.Leave(entrant);
                    LeaveOut(touch);
                }
            }
        }

        return begun.ConvertAll(one => TouchAsync(one.Touch, one.Entrant));
    }

    // An eviction of the key waits until the touch has ended, so that it is the last to be heard of the key whatever a store does when
    // it is touched.
    private async Task TouchAsync(Touch touch, WriteFence<TKey>.Entrant entrant)
    {
        try
        {
            var place = method.PlaceOf(touch.Key, touch.Identity);
            await Task.WhenAll(method.Tiers.Skip(touch.From).Select(tier => tier.TouchAsync(SharedKeys.InStore(tier, place.Store)))).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The key cannot be spelled, as it could when it was loaded.
            LeaveOut(touch);
        }
        finally
        {
            method.Fence.Leave(entrant);
        }
    }

    private void LeaveOut(Touch touch)
    {
        foreach (var tier in method.Tiers.Skip(touch.From))
            Interlocked.Increment(ref tier.Counters.NotTouched);
    }

    private readonly record struct Touch(TKey Key, EntryIdentity Identity, int From);
}
