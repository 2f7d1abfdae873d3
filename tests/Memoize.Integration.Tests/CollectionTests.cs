namespace Memoize.Integration.Tests;

/// <summary>
/// Collections compared by their elements: every kind of them through every type of parameter, with the cache and without it.
/// </summary>
public class CollectionTests
{
    /// <summary>A parameter's type: the cached method, the same without its cache, and its handle.</summary>
    private sealed record Door(string Type, Func<object, bool> Takes, Func<object, Task<Seen>> Cached, Func<object, Task<Seen>> Uncached, Action Clear, Func<CacheStatistics> Statistics);

    private static readonly Door[] Doors =
    [
        Of<IEnumerable<string>>(a => Collections.Enumerable(a), CollectionsCache.Enumerable.Uncached, () => CollectionsCache.Enumerable.Clear(), () => CollectionsCache.Enumerable.Statistics),
        Of<IReadOnlyCollection<string>>(a => Collections.ReadOnlyCollection(a), CollectionsCache.ReadOnlyCollection.Uncached, () => CollectionsCache.ReadOnlyCollection.Clear(), () => CollectionsCache.ReadOnlyCollection.Statistics),
        Of<IReadOnlyList<string>>(a => Collections.ReadOnlyList(a), CollectionsCache.ReadOnlyList.Uncached, () => CollectionsCache.ReadOnlyList.Clear(), () => CollectionsCache.ReadOnlyList.Statistics),
        Of<ICollection<string>>(a => Collections.Collection(a), CollectionsCache.Collection.Uncached, () => CollectionsCache.Collection.Clear(), () => CollectionsCache.Collection.Statistics),
        Of<IList<string>>(a => Collections.List(a), CollectionsCache.List.Uncached, () => CollectionsCache.List.Clear(), () => CollectionsCache.List.Statistics),
        Of<string[]>(a => Collections.Array(a), CollectionsCache.Array.Uncached, () => CollectionsCache.Array.Clear(), () => CollectionsCache.Array.Statistics),
        Of<List<string>>(a => Collections.ListItself(a), CollectionsCache.ListItself.Uncached, () => CollectionsCache.ListItself.Clear(), () => CollectionsCache.ListItself.Statistics),
        Of<ISet<string>>(a => Collections.Set(a), CollectionsCache.Set.Uncached, () => CollectionsCache.Set.Clear(), () => CollectionsCache.Set.Statistics),
        Of<IReadOnlySet<string>>(a => Collections.ReadOnlySet(a), CollectionsCache.ReadOnlySet.Uncached, () => CollectionsCache.ReadOnlySet.Clear(), () => CollectionsCache.ReadOnlySet.Statistics),
        Of<HashSet<string>>(a => Collections.HashSet(a), CollectionsCache.HashSet.Uncached, () => CollectionsCache.HashSet.Clear(), () => CollectionsCache.HashSet.Statistics),
        Of<SortedSet<string>>(a => Collections.SortedSet(a), CollectionsCache.SortedSet.Uncached, () => CollectionsCache.SortedSet.Clear(), () => CollectionsCache.SortedSet.Statistics),
        Of<IDictionary<string, int>>(a => Collections.Map(a), CollectionsCache.Map.Uncached, () => CollectionsCache.Map.Clear(), () => CollectionsCache.Map.Statistics),
        Of<IReadOnlyDictionary<string, int>>(a => Collections.ReadOnlyMap(a), CollectionsCache.ReadOnlyMap.Uncached, () => CollectionsCache.ReadOnlyMap.Clear(), () => CollectionsCache.ReadOnlyMap.Statistics),
        Of<Dictionary<string, int>>(a => Collections.Dictionary(a), CollectionsCache.Dictionary.Uncached, () => CollectionsCache.Dictionary.Clear(), () => CollectionsCache.Dictionary.Statistics),
        Of<SortedDictionary<string, int>>(a => Collections.SortedDictionary(a), CollectionsCache.SortedDictionary.Uncached, () => CollectionsCache.SortedDictionary.Clear(), () => CollectionsCache.SortedDictionary.Statistics),
        Of<System.Collections.Immutable.IImmutableSet<string>>(a => Collections.ImmutableSet(a), CollectionsCache.ImmutableSet.Uncached, () => CollectionsCache.ImmutableSet.Clear(), () => CollectionsCache.ImmutableSet.Statistics),
    ];

    public static TheoryData<string, string> Cases() => new(
        from door in Doors from kind in CollectionKinds.All where door.Takes(kind.Make().Collection) select (door.Type, kind.Name));

    [Theory, MemberData(nameof(Cases))]
    public async Task A_copy_behaves_as_the_original_and_later_changes_do_not_reach_it(string type, string name)
    {
        var door = Doors.Single(x => x.Type == type);
        var kind = CollectionKinds.All.Single(x => x.Name == name);
        Collections.Gate = new();
        Collections.Gate.SetResult();
        door.Clear();
        var expected = await door.Uncached(kind.Make().Collection);
        var before = door.Statistics();

        Collections.Gate = new();
        var (collection, change) = kind.Make();
        var changed = door.Cached(collection);
        change();
        Collections.Gate.SetResult();

        var during = await changed;
        var later = await door.Cached(kind.Make().Collection);
        var after = door.Statistics();

        Assert.Equal(expected.Behaviour, later.Behaviour);
        if (kind.IsCopied)
        {
            Assert.Equal(kind.CopyIs is { } copy ? expected with { Type = copy } : expected, during);
            Assert.Equal((1, 1, 0), (after.Misses - before.Misses, after.Hits - before.Hits, after.Bypassed - before.Bypassed));
        }
        else
        {
            Assert.Equal((0, 0, 2), (after.Misses - before.Misses, after.Hits - before.Hits, after.Bypassed - before.Bypassed));
        }
    }

    [Fact]
    public async Task No_collection_gets_the_result_of_one_that_behaves_otherwise()
    {
        Collections.Gate = new();
        Collections.Gate.SetResult();
        foreach (var door in Doors)
        {
            door.Clear();
            // Sets that differ in their order alone share an entry, so one of them is enough.
            var isSet = door.Type.Contains("Set");
            foreach (var kind in CollectionKinds.All.Concat(Enumerable.Reverse(CollectionKinds.All)).Where(x => door.Takes(x.Make().Collection) && !(isSet && x.Name == "set with holes")))
            {
                var expected = await door.Uncached(kind.Make().Collection);
                Assert.Equal((door.Type, kind.Name, expected.Behaviour), (door.Type, kind.Name, (await door.Cached(kind.Make().Collection)).Behaviour));
            }
        }
    }

    [Fact]
    public async Task What_a_batch_loads_for_a_collection_that_changes_meanwhile_is_not_remembered()
    {
        Collections.Gate = new();
        var names = new List<string> { "a" };
        var load = Collections.Many([1, 2], names);
        names.Add("b");
        Collections.Gate.SetResult();

        Assert.Equal("1 a,b", (await load)[1]);
        Assert.Equal("1 a", await Collections.One(1, ["a"]));
        Assert.Equal("2 a", (await Collections.Many([1, 2], ["a"]))[2]);
        var before = CollectionsCache.One.Statistics.Hits;
        Assert.Equal("2 a", await Collections.One(2, ["a"]));
        Assert.Equal(before + 1, CollectionsCache.One.Statistics.Hits);
    }

    [Fact]
    public async Task What_is_loaded_while_a_collection_of_the_instance_changes_is_not_remembered()
    {
        Collections.Gate = new();
        var group = new Group("a");
        var load = group.All(1);
        group.Add("b");
        Collections.Gate.SetResult();

        Assert.Equal("1 a,b", await load);
        Assert.Equal("1 a", await new Group("a").All(1));
        Assert.Equal("1 a,b", await group.All(1));
    }

    private static Door Of<T>(Func<T, Task<Seen>> cached, Func<T, Task<Seen>> uncached, Action clear, Func<CacheStatistics> statistics) => new(
        typeof(T).ToString(), static x => x is T, x => cached((T)x), x => uncached((T)x), clear, statistics);
}

/// <summary>What a body sees of a collection.</summary>
public sealed record Seen(string Behaviour, string Type);

#pragma warning disable MEMO0405 // The bodies change their arguments to find out whether they can.
/// <summary>One cached method for each type of parameter. None returns before the gate is open.</summary>
internal static class Collections
{
    [NotInKey]
    internal static TaskCompletionSource Gate { get; set; } = new();

    [Cached]
    internal static Task<Seen> Enumerable([CacheKey(Structural = true)] IEnumerable<string> a) => Elements(a, () => $"{a.Contains("A")} {a.First()}");

    [Cached]
    internal static Task<Seen> ReadOnlyCollection([CacheKey(Structural = true)] IReadOnlyCollection<string> a) => Elements(a, () => $"{a.Contains("A")} {a.Count}");

    [Cached]
    internal static Task<Seen> ReadOnlyList([CacheKey(Structural = true)] IReadOnlyList<string> a) => Elements(a, () => $"{a.Contains("A")} {a.Count} {a[0]}");

    [Cached]
    internal static Task<Seen> Collection([CacheKey(Structural = true)] ICollection<string> a) => Elements(a, () => $"{a.Contains("A")} {a.IsReadOnly} {Tried(() => a.Add("z"))}");

    [Cached]
    internal static Task<Seen> List([CacheKey(Structural = true)] IList<string> a) => Elements(a, () => $"{a.IndexOf("A")} {a.IsReadOnly} {Tried(() => a[0] = "y")} {Tried(() => a.Insert(0, "z"))}");

    [Cached]
    internal static Task<Seen> Array([CacheKey(Structural = true)] string[] a) => Elements(a, () => a[0] = "y");

    [Cached]
    internal static Task<Seen> ListItself([CacheKey(Structural = true)] List<string> a) => Elements(a, () => $"{a.IndexOf("A")} {Tried(() => a.Add("z"))}");

    [Cached]
    internal static Task<Seen> Set([CacheKey(Structural = true)] ISet<string> a) => Elements(a, () => $"{a.Contains("A")} {a.IsReadOnly} {Tried(() => a.Add("z"))}");

    [Cached]
    internal static Task<Seen> ReadOnlySet([CacheKey(Structural = true)] IReadOnlySet<string> a) => Elements(a, () => $"{a.Contains("A")} {a.IsSubsetOf(["A", "B"])}");

    [Cached]
    internal static Task<Seen> HashSet([CacheKey(Structural = true)] HashSet<string> a) => Elements(a, () => $"{a.Contains("A")} {a.Add("z")}");

    [Cached]
    internal static Task<Seen> SortedSet([CacheKey(Structural = true)] SortedSet<string> a) => Elements(a, () => $"{a.Contains("A")} {a.Min} {Tried(() => a.Add("zz"))}");

    [Cached]
    internal static Task<Seen> ImmutableSet([CacheKey(Structural = true)] System.Collections.Immutable.IImmutableSet<string> a) => Elements(a, () => $"{a.Contains("A")} {string.Join(",", a.Add("zz"))}");

    [Cached]
    internal static Task<Seen> Map([CacheKey(Structural = true)] IDictionary<string, int> a) => Elements(a, () => $"{a.ContainsKey("A")} {a.IsReadOnly} {Tried(() => a["z"] = 3)}");

    [Cached]
    internal static Task<Seen> ReadOnlyMap([CacheKey(Structural = true)] IReadOnlyDictionary<string, int> a) => Elements(a, () => $"{a.ContainsKey("A")} {a.Keys.First()}");

    [Cached]
    internal static Task<Seen> Dictionary([CacheKey(Structural = true)] Dictionary<string, int> a) => Elements(a, () => $"{a.ContainsKey("A")} {a.TryAdd("z", 3)}");

    [Cached]
    internal static Task<Seen> SortedDictionary([CacheKey(Structural = true)] SortedDictionary<string, int> a) => Elements(a, () => $"{a.ContainsKey("A")} {Tried(() => a["zz"] = 3)}");

    [Cached]
    internal static async Task<string> One(int id, [CacheKey(Structural = true)] List<string> names)
    {
        await Gate.Task;
        return $"{id} {string.Join(",", names)}";
    }

    [CachedBatch(nameof(One))]
    internal static async Task<Dictionary<int, string>> Many(IReadOnlyList<int> ids, List<string> names)
    {
        await Gate.Task;
        return ids.ToDictionary(static id => id, id => $"{id} {string.Join(",", names)}");
    }

    private static async Task<Seen> Elements<T>(IEnumerable<T> a, Func<string> more)
    {
        await Gate.Task;
        var behaviour = $"{string.Join(",", a)} {more()}";

        // Where a set puts what is added later depends on what was removed from it before.
        return new Seen($"{behaviour} {string.Join(",", a.Select(x => $"{x}").Order(StringComparer.Ordinal))}", a.GetType().ToString());
    }

    private static string Tried(Action change)
    {
        try
        {
            change();
            return "done";
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentOutOfRangeException)
        {
            return "refused";
        }
    }
}

internal sealed class Group(string name)
{
    [CacheKey(Structural = true)]
    private readonly List<string> _names = [name];

    public void Add(string other) => _names.Add(other);

    [Cached]
    public async Task<string> All(int number)
    {
        await Collections.Gate.Task;
        return $"{number} {string.Join(",", _names)}";
    }
}
