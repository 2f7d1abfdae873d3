using System.Globalization;
using Memoize.Isolation;

namespace Memoize.Testing;

/// <summary>What the caches of one method, overloads included, have done in an isolation, and what is expected of them. Always up to date.</summary>
public sealed class MethodProbe
{
    private const int MostKeys = 1000;

    private readonly MemoTest memo;
    private readonly IReadOnlyList<CachedMethod> methods;

    internal MethodProbe(MemoTest memo, IReadOnlyList<CachedMethod> methods)
    {
        this.memo = memo;
        this.methods = methods;
    }

    /// <summary>The name of the method; of all overloads, separated by commas, if there are several.</summary>
    public string Name => string.Join(", ", methods.Select(static method => method.Name));

    /// <summary>All that is counted.</summary>
    public CacheStatistics Statistics
    {
        get
        {
            using (memo.Enter())
                return methods.Aggregate(default(CacheStatistics), static (sum, method) => sum + method.Statistics);
        }
    }

    /// <summary>Calls that were answered with a remembered value.</summary>
    public long Hits => Statistics.Hits;

    /// <summary>Calls that found nothing.</summary>
    public long Misses => Statistics.Misses;

    /// <summary>How often the original was started on behalf of the cache.</summary>
    public long Loads => Statistics.Loads;

    /// <summary>The entries there are.</summary>
    public int Count => Statistics.Count;

    /// <summary>The keys of the entries, readable and sorted: <c>id: 7</c>. At most a thousand.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            using (memo.Enter())
                return [.. methods.SelectMany(static method => method.Entries(MostKeys)).Take(MostKeys).Select(static entry => entry.Key).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What has happened to this method so far, in order.</summary>
    public IReadOnlyList<CacheEvent> Events => [.. memo.Events.Where(e => methods.Contains(e.Method))];

    /// <summary>Whether every call of this method is a miss, although there may be an entry; see <see cref="MemoTest.AlwaysMiss"/>.</summary>
    public bool AlwaysMiss
    {
        get => methods.All(memo.MustMiss);
        set => memo.AlwaysMissOn(methods, value);
    }

    /// <summary>Expects these numbers; what is left out may be anything.</summary>
    /// <param name="hits">Calls that were answered with a remembered value.</param>
    /// <param name="misses">Calls that found nothing.</param>
    /// <param name="loads">How often the original was started.</param>
    /// <param name="count">The entries there are now.</param>
    /// <param name="evictions">Entries that an eviction or a clear has removed.</param>
    /// <param name="failures">Loads that have failed.</param>
    /// <param name="bypassed">Calls that ran the original by themselves.</param>
    /// <returns>This view.</returns>
    /// <exception cref="MemoTestException">A number is another one; the message tells which, and what has happened.</exception>
    public MethodProbe Expect(
        long? hits = null, long? misses = null, long? loads = null, long? count = null, long? evictions = null, long? failures = null, long? bypassed = null)
    {
        var actual = Statistics;
        var wrong = new List<string>();
        Compare(hits, actual.Hits, "hit", "hits");
        Compare(misses, actual.Misses, "miss", "misses");
        Compare(loads, actual.Loads, "load", "loads");
        Compare(count, actual.Count, "entry", "entries");
        Compare(evictions, actual.EvictionsByRequest, "eviction", "evictions");
        Compare(failures, actual.LoadFailures, "failed load", "failed loads");
        Compare(bypassed, actual.Bypassed, "bypassing call", "bypassing calls");
        return wrong.Count == 0 ? this : throw memo.Failure($"{Name}: {string.Join("; ", wrong)}.", methods);

        void Compare(long? wanted, long found, string one, string many)
        {
            if (wanted is { } number && number != found)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"expected {number} {(number == 1 ? one : many)}, but there {(found == 1 ? "was" : "were")} {found}"));
        }
    }

    /// <summary>Expects an entry.</summary>
    /// <param name="key">Its key, readable: <c>id: 7</c>.</param>
    /// <returns>This view.</returns>
    /// <exception cref="MemoTestException">There is none; the message lists those there are.</exception>
    public MethodProbe ExpectEntry(string key)
        => Keys is var keys && keys.Contains(key) ? this : throw memo.Failure($"{Name}: expected an entry ({key}), but {Listed(keys)}.", methods);

    /// <summary>Expects that there is no such entry.</summary>
    /// <param name="key">Its key, readable: <c>id: 7</c>.</param>
    /// <returns>This view.</returns>
    /// <exception cref="MemoTestException">There is one.</exception>
    public MethodProbe ExpectNoEntry(string key)
        => Keys.Contains(key) ? throw memo.Failure($"{Name}: expected no entry ({key}), but there is one.", methods) : this;

    /// <summary>The name and the numbers.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
        => Statistics is var now ? string.Create(CultureInfo.InvariantCulture, $"{Name}: {now.Hits} hits, {now.Misses} misses, {now.Loads} loads, {now.Count} entries") : Name;

    private static string Listed(IReadOnlyList<string> keys)
    {
        const int Shown = 10;
        if (keys.Count == 0)
            return "there are none";
        var listed = string.Join(", ", keys.Take(Shown).Select(static key => $"({key})"));
        return $"there {(keys.Count == 1 ? "is" : "are")} {listed}{(keys.Count > Shown ? $" and {keys.Count - Shown} more" : "")}";
    }
}
