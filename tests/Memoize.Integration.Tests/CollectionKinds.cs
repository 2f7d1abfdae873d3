using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Memoize.Integration.Tests;

/// <summary>Collections of the same two elements, of every kind; some find them by another comparer, or in another order.</summary>
internal static class CollectionKinds
{
    /// <param name="Name">For the reader.</param>
    /// <param name="Make">The collection, and what changes it after the call.</param>
    /// <param name="IsCopied">Whether a call with it is remembered.</param>
    /// <param name="CopyIs">The type of the copy, where it is another.</param>
    internal sealed record Kind(string Name, Func<(object Collection, Action Change)> Make, bool IsCopied = true, string? CopyIs = null);

    private static readonly StringComparer Ignoring = StringComparer.OrdinalIgnoreCase;
    private static readonly IComparer<string> Backwards = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a));
    private static readonly string ArrayName = typeof(string[]).ToString();
    private static readonly string ReadOnlyName = typeof(ReadOnlyCollection<string>).ToString();

    internal static readonly Kind[] All =
    [
        new("array", () => new[] { "b", "a" } is var x ? (x, () => x[0] = "c") : default),
        Changing("list", () => new List<string> { "b", "a" }),
        Over("read-only list", list => list.AsReadOnly()),
        Changing("collection", () => new Collection<string> { "b", "a" }),
        Changing("observable collection", () => new ObservableCollection<string> { "b", "a" }),
        Changing("linked list", () => new LinkedList<string>(["b", "a"])),
        new("segment", () => new[] { "x", "b", "a" } is var x ? (new ArraySegment<string>(x, 1, 2), () => x[1] = "c") : default),
        Fixed("immutable list", ImmutableList.Create("b", "a")),
        Fixed("immutable array", ImmutableArray.Create("b", "a")),
        Over("query", list => list.Select(static x => x)) with { CopyIs = ArrayName },
        Over("iterator", Each) with { CopyIs = ArrayName },
        new("queue", () => new Queue<string>(["b", "a"]) is var x ? (x, () => x.Enqueue("c")) : default, CopyIs: ArrayName),
        Over("read-only list of somebody else", list => new Counted(list)) with { CopyIs = ArrayName },
        new("collection expression", () => ((IReadOnlyList<string>)["b", "a"], () => { }), CopyIs: ReadOnlyName),
        new("group", () => new List<string> { "b", "a" }.GroupBy(static _ => 1).Single() is var x ? (x, () => { }) : default, CopyIs: ReadOnlyName),
        new("values of a dictionary", () => new Dictionary<int, string> { [1] = "b", [2] = "a" } is var x ? (x.Values, () => x[3] = "c") : default, CopyIs: ReadOnlyName),
        new("keys of a dictionary", () => new Dictionary<string, int>(Ignoring) { ["b"] = 1, ["a"] = 2 } is var x ? (x.Keys, () => x["c"] = 3) : default, IsCopied: false),
        Changing("derived list", () => new Derived { "b", "a" }) with { IsCopied = false },
        Changing("derived collection", () => new Ignorant { "b", "a" }) with { IsCopied = false },
        new("read-only list over it", () => new Ignorant { "b", "a" } is var x ? (new ReadOnlyCollection<string>(x), () => x.Add("c")) : default, IsCopied: false),
        Changing("collection over it", () => new Collection<string>(new Ignorant { "b", "a" })) with { IsCopied = false },

        Changing("set", () => new HashSet<string> { "b", "a" }),
        Changing("ignoring set", () => new HashSet<string>(Ignoring) { "b", "a" }),
        new("set with holes", () => new HashSet<string> { "x", "y", "a", "b" } is var x && x.Remove("x") && x.Remove("y") ? (x, () => x.Add("c")) : default),
        Changing("sorted set", () => new SortedSet<string> { "b", "a" }),
        Changing("sorted ignoring set", () => new SortedSet<string>(Ignoring) { "b", "a" }),
        Changing("backwards set", () => new SortedSet<string>(Backwards) { "b", "a" }),
        Fixed("frozen set", new[] { "b", "a" }.ToFrozenSet()),
        Fixed("ignoring frozen set", new[] { "b", "a" }.ToFrozenSet(Ignoring)),
        Fixed("immutable set", ImmutableHashSet.Create("b", "a")),
        Fixed("ignoring immutable set", ImmutableHashSet.Create(Ignoring, "b", "a")),
        Fixed("immutable sorted set", ImmutableSortedSet.Create("b", "a")),
        Fixed("backwards immutable set", ImmutableSortedSet.Create(Backwards, "b", "a")),
        Changing("part of a sorted set", () => new SortedSet<string> { "0", "b", "a" }.GetViewBetween("a", "d")) with { IsCopied = false },
        Changing("derived set", () => new DerivedSet { "b", "a" }) with { IsCopied = false },
        Changing("builder of a set", () => ImmutableHashSet.Create(Ignoring, "b", "a").ToBuilder()) with { IsCopied = false },
#if NET9_0_OR_GREATER
        new("read-only set", () => new HashSet<string> { "b", "a" } is var x ? (new ReadOnlySet<string>(x), () => x.Add("c")) : default),
        new("ignoring read-only set", () => new HashSet<string>(Ignoring) { "b", "a" } is var x ? (new ReadOnlySet<string>(x), () => x.Add("c")) : default),
#endif

        Mapping("dictionary", () => new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Mapping("ignoring dictionary", () => new Dictionary<string, int>(Ignoring) { ["b"] = 1, ["a"] = 2 }),
        Mapping("sorted dictionary", () => new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Mapping("ignoring sorted dictionary", () => new SortedDictionary<string, int>(Ignoring) { ["b"] = 1, ["a"] = 2 }),
        Mapping("backwards dictionary", () => new SortedDictionary<string, int>(Backwards) { ["b"] = 1, ["a"] = 2 }),
        Mapping("sorted list", () => new SortedList<string, int> { ["b"] = 1, ["a"] = 2 }),
        Mapping("ignoring sorted list", () => new SortedList<string, int>(Ignoring) { ["b"] = 1, ["a"] = 2 }),
        Wrapped("read-only dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Wrapped("ignoring read-only dictionary", new Dictionary<string, int>(Ignoring) { ["b"] = 1, ["a"] = 2 }),
        Wrapped("sorted read-only dictionary", new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 }),
        Fixed("frozen dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }.ToFrozenDictionary()),
        Fixed("ignoring frozen dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }.ToFrozenDictionary(Ignoring)),
        Fixed("immutable dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }.ToImmutableDictionary()),
        Fixed("ignoring immutable dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }.ToImmutableDictionary(Ignoring)),
        Fixed("immutable sorted dictionary", new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }.ToImmutableSortedDictionary()),
        Mapping("concurrent dictionary", () => new ConcurrentDictionary<string, int>(Ignoring) { ["a"] = 2 }) with { IsCopied = false },
        Mapping("derived dictionary", () => new DerivedMap { ["b"] = 1, ["a"] = 2 }) with { IsCopied = false },
        new("derived read-only dictionary", () => (new DerivedWrapper(Ignoring), () => { }), IsCopied: false),
        new("read-only dictionary over a derived one", () => new DerivedMap { ["b"] = 1, ["a"] = 2 } is var x ? (new ReadOnlyDictionary<string, int>(x), () => x["c"] = 3) : default, IsCopied: false),
    ];

    private static Kind Changing(string name, Func<ICollection<string>> make) => new(name, () =>
    {
        var collection = make();
        return (collection, () => collection.Add("c"));
    });

    private static Kind Mapping(string name, Func<IDictionary<string, int>> make) => new(name, () =>
    {
        var map = make();
        return (map, () => map["c"] = 3);
    });

    private static Kind Wrapped(string name, IDictionary<string, int> content) => new(name, () =>
    {
        IDictionary<string, int> map = content is Dictionary<string, int> plain ? new Dictionary<string, int>(plain, plain.Comparer) : new SortedDictionary<string, int>(content);
        return (new ReadOnlyDictionary<string, int>(map), () => map["c"] = 3);
    });

    private static Kind Over(string name, Func<List<string>, object> make) => new(name, () =>
    {
        var list = new List<string> { "b", "a" };
        return (make(list), () => list.Add("c"));
    });

    private static Kind Fixed(string name, object collection) => new(name, () => (collection, static () => { }));

    private static IEnumerable<string> Each(List<string> list)
    {
        foreach (var item in list)
            yield return item;
    }

    private sealed class Derived : List<string>;

    private sealed class DerivedSet() : HashSet<string>(Ignoring);

    private sealed class DerivedMap() : Dictionary<string, int>(Ignoring);

    private sealed class DerivedWrapper(StringComparer comparer)
        : ReadOnlyDictionary<string, int>(new Dictionary<string, int>(comparer) { ["b"] = 1, ["a"] = 2 });

    /// <summary>A list that finds its elements in either case.</summary>
    private sealed class Ignorant : Collection<string>, IList<string>
    {
        bool ICollection<string>.Contains(string item) => this.Any(x => Ignoring.Equals(x, item));

        int IList<string>.IndexOf(string item) => Items.Select(static (x, i) => (x, i)).First(x => Ignoring.Equals(x.x, item)).i;
    }

    private sealed class Counted(List<string> list) : IReadOnlyList<string>
    {
        public int Count => list.Count;

        public string this[int index] => list[index];

        public IEnumerator<string> GetEnumerator() => list.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => list.GetEnumerator();
    }
}
