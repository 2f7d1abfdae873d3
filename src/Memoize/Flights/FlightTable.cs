using System.Numerics;
using Memoize.Tags;

namespace Memoize.Flights;

/// <summary>
/// The loads that are under way in one cache, by key, in stripes with a lock each. Everything that decides what a key is (finding
/// an entry or a flight, starting one, publishing its value, evicting, setting) happens in one step under the lock of its stripe, so
/// that it all has one order; the load itself, and whoever is woken, never run under a lock.
/// </summary>
internal sealed class FlightTable<TKey, TValue>
    where TKey : IEquatable<TKey>
{
    private const int MostStripes = 16;

    private readonly FlightStripe<TKey, TValue>[] stripes;

    /// <param name="shared">Whether many threads are to be expected; the cache of a single instance is kept small.</param>
    internal FlightTable(bool shared)
    {
        var count = shared ? Math.Min(MostStripes, (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 2)) : 1;
        stripes = new FlightStripe<TKey, TValue>[count];
        for (var i = 0; i < count; i++)
            stripes[i] = new();
    }

    internal FlightStripe<TKey, TValue> StripeOf(HashedKey<TKey> key)
        => stripes[(int)(((uint)key.GetHashCode() * 0x9E3779B9u) >> 16) & (stripes.Length - 1)];

    /// <summary>Detaches all flights.</summary>
    /// <param name="then">Runs in the same step.</param>
    internal void DetachAll(Action then) => InOneStep(static stripe => stripe.DetachAll(), then);

    /// <summary>Detaches all flights that have all of the tags.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="then">Runs in the same step.</param>
    internal void DetachTagged(EntryTag[] tags, Action then) => InOneStep(stripe => stripe.DetachTagged(tags), then);

    /// <summary>Runs something while nothing is stored, removed, or started.</summary>
    internal void InOneStep(Action action) => InOneStep(static _ => { }, action);

    private void InOneStep(Action<FlightStripe<TKey, TValue>> detach, Action then)
    {
        var entered = 0;
        try
        {
            foreach (var stripe in stripes)
            {
                Monitor.Enter(stripe);
                entered++;
            }

            foreach (var stripe in stripes)
                detach(stripe);
            then();
        }
        finally
        {
            while (entered > 0)
                Monitor.Exit(stripes[--entered]);
        }
    }
}
