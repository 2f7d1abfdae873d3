using System.Collections.Concurrent;

namespace Memoize.Tiers;

// What was to be removed, or stamped anew, and has not been confirmed. Until then the store is not believed about it.
public sealed partial class CacheTier
{
    // How often it is looked at how many there are: that takes all locks of the dictionary.
    private const int LookEvery = 16;

    private readonly ConcurrentDictionary<string, Debt> owed = new(StringComparer.Ordinal);
    private readonly object merging = new();
    private long debts;

    /// <summary>
    /// About how many are owed one by one. Beyond that, those of the method that has most of them become one: a new stamp of the method, which
    /// makes all that was written before useless, and until it is there nothing of the method is believed. Stamps themselves, of methods and
    /// tags, are owed one by one however many they are: nothing else would reach all that has a tag, wherever it is from.
    /// </summary>
    internal int MostOwed { get; set; } = 10_000;

    internal bool Owes(string key) => !owed.IsEmpty && owed.ContainsKey(key);

    /// <summary>The store is still to do something.</summary>
    /// <param name="key">Where.</param>
    /// <param name="method">Whose value is to be removed; null for a stamp that is to be made anew.</param>
    private Debt Owe(string key, string? method)
    {
        var debt = owed[key] = new(method, Interlocked.Increment(ref debts));
        if (debt.Number % LookEvery == 0 && owed.Count > MostOwed)
            Merge();
        return debt;
    }

    // The stamp is owed before the keys are not: there is no moment in between at which they are believed. What is owed from then on is not
    // among them, for the stamp may be under way already.
    private void Merge()
    {
        lock (merging)
        {
            if (owed.Count <= MostOwed)
                return;
            var most = owed.Where(static one => !one.Value.IsStamp).GroupBy(static one => one.Value.Method!, StringComparer.Ordinal).MaxBy(static group => group.Count());
            if (most is null)
                return;
            var stamp = Owe(SharedKeys.StampOfMethod(this, most.Key), method: null);
            foreach (var one in most)
            {
                if (one.Value.Number < stamp.Number)
                    owed.TryRemove(one);
            }
        }
    }

    // A debt that was made again meanwhile stays.
    private async Task SettleAsync(string key, Debt debt)
    {
        if (debt.IsStamp)
            await Store.SetAsync(key, NewStamp(), Lasting).ConfigureAwait(false);
        else
            await Store.RemoveAsync(key).ConfigureAwait(false);
        Remember(key, debt.Method);
        owed.TryRemove(KeyValuePair.Create(key, debt));
    }

    /// <summary>Something that the store is still to do.</summary>
    private readonly record struct Debt(string? Method, long Number)
    {
        internal bool IsStamp => Method is null;
    }
}
