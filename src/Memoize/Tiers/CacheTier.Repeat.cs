namespace Memoize.Tiers;

// A store may confirm a change and lose it all the same: a primary dies before its replica has heard of the last evictions, and the
// replica takes over. So what was changed lately is changed once more when the bus tells of an interruption.
public sealed partial class CacheTier
{
    // As many as can be under way between two servers, and more; and until long after one has been given up.
    private const int MostRepeated = 1000;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly Queue<Change> changed = new();
    private int isRepeating;

    private void Remember(string key, Debt debt)
    {
        if (Bus is null)
            return;

        lock (changed)
        {
            if (changed.Count == MostRepeated)
                changed.Dequeue();
            changed.Enqueue(new(key, debt, Options.TimeProvider.GetTimestamp()));
        }
    }

    /// <summary>
    /// The bus is back after an interruption. Owes what was changed lately, does it again behind the callers' backs, and then tells the others that they
    /// may have read what was there before. If the store is not in use, it is tried at once: whoever hears the bus need not wait for the next try.
    /// </summary>
    internal void Repeat()
    {
        var isAnything = OweLately();
        if (isAnything)
            Volatile.Write(ref isRepeating, 1);

        // The probe does all that is owed, too.
        if (breaker.Hurry() || !isAnything)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(static tier => tier.CatchUp(), this, preferLocal: false);
    }

    /// <summary>What was changed lately is not believed until it has been changed again.</summary>
    /// <returns>Whether there was anything.</returns>
    private bool OweLately()
    {
        lock (changed)
        {
            while (changed.TryPeek(out var oldest) && Options.TimeProvider.GetElapsedTime(oldest.At) > Lately)
                changed.Dequeue();
            if (changed.Count == 0)
                return false;
            while (changed.TryDequeue(out var change))
                Owe(change.Key, change.Debt);
            return true;
        }
    }

    private readonly record struct Change(string Key, Debt Debt, long At);
}
