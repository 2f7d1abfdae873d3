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
    /// About how many are owed one by one. Beyond that, the largest group becomes one debt: the values of the method that has most of them a new stamp
    /// of the method, or the tags, if there are more of them, a new stamp that all values with any tag carry. It makes all that was written before
    /// useless, and until it is there nothing that carries it is believed. Stamps of methods are owed one by one, since there are as many as methods.
    /// </summary>
    internal int MostOwed { get; set; } = 10_000;

    internal bool Owes(string key) => !owed.IsEmpty && owed.ContainsKey(key);

    /// <summary>The store is still to do something.</summary>
    /// <param name="key">Where.</param>
    /// <param name="what">What.</param>
    private Debt Owe(string key, Debt what)
    {
        var debt = owed[key] = what with { Number = Interlocked.Increment(ref debts) };
        if (debt.Number % LookEvery == 0 && owed.Count > MostOwed)
            Merge();
        return debt;
    }

    // The stamp is owed before the others are not: there is no moment in between at which they are believed. What is owed from then on is not
    // among them, for the stamp may be under way already.
    private void Merge()
    {
        lock (merging)
        {
            if (owed.Count <= MostOwed)
                return;
            var most = owed.Where(static one => one.Value.Group is not null).GroupBy(static one => one.Value.Group!, StringComparer.Ordinal).MaxBy(static group => group.Count());
            if (most is null)
                return;
            var stamp = Owe(most.Key == Debt.Tags ? SharedKeys.StampOfAllTags(this) : SharedKeys.StampOfMethod(this, most.Key), Debt.OfSharedStamp);
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
        Remember(key, debt);
        owed.TryRemove(KeyValuePair.Create(key, debt));
    }

    /// <summary>Something that the store is still to do.</summary>
    /// <param name="IsStamp">Whether a stamp is to be made anew; otherwise a value is to be removed.</param>
    /// <param name="Group">What it becomes one with when there are too many: the method whose value it is, or <see cref="Tags"/>; null for what stays as it is.</param>
    /// <param name="Number">When it was made, in the order of all.</param>
    private readonly record struct Debt(bool IsStamp, string? Group, long Number = 0)
    {
        // No method is called that.
        internal const string Tags = "#";

        // Of a method, or of all tags: there are few of them.
        internal static readonly Debt OfSharedStamp = new(IsStamp: true, Group: null);

        internal static readonly Debt OfTagStamp = new(IsStamp: true, Tags);

        internal static Debt OfValue(string method) => new(IsStamp: false, method);
    }
}
