using Memoize.Generators.Tests.Bodies;

namespace Memoize.Generators.Tests.Keys;

/// <summary>MEMO0114: a collection that no key can copy sends its call past the cache; the same as the running program decides.</summary>
public sealed class UnknownCollectionTests
{
    const string S = """
        using System.Collections.Concurrent; using System.Collections.Frozen; using System.Collections.Immutable; using System.Collections.ObjectModel;
        public static class S
        {
            [Cached] public static int All([CacheKey(Structural = true)] IReadOnlyCollection<int> a) => a.Sum();
            [Cached] public static int Each([CacheKey(Structural = true)] IEnumerable<Thing> a) => a.Sum(x => x.X);
            [Cached] public static int List([CacheKey(Structural = true)] List<int> a) => a.Sum();
            [Cached] public static int Set([CacheKey(Structural = true)] IReadOnlySet<int> a) => a.Sum();
            [Cached] public static int Map([CacheKey(Structural = true)] IReadOnlyDictionary<int, int> a) => a.Values.Sum();
            [Cached] public static int Of<T>([CacheKey(Structural = true)] IReadOnlyCollection<T> a) where T : IEquatable<T> => string.Concat(a).Length;
            [Cached] public static int Fixed([CacheKey(Structural = true)] ImmutableArray<int> a) => a.Sum();
            [Cached(Tiers = "disk", Ttl = 60)] public static int Far([CacheKey(Structural = true)] IEnumerable<int> a) => a.Sum();
            [Cached] public static int Left([NotInKey] IEnumerable<int> a, int b) => a.Sum() + b;
        }
        [CacheDefaults(Tiers = "disk", Ttl = 60)]
        public static class D
        {
            [Cached] public static int Far([CacheKey(Structural = true)] IReadOnlyCollection<int> a) => a.Sum();
            [Cached(Tiers = "")] public static int Near([CacheKey(Structural = true)] IReadOnlyCollection<int> a) => a.Sum() + 1;
        }
        public sealed class Own : List<int>;
        public record Thing(int X); public sealed record Kin(int X) : Thing(X);

        """;

    static BodyCase At(string name, string parameters, string call, string place, string says) =>
        new(name, S + $"public static class U {{ public static int Go({parameters}) => {call}; }}", place) { Says = [says] };

    static BodyCase Silent(string name, string parameters, string call) => new(name, S + $"public static class U {{ public static int Go({parameters}) => {call}; }}");

    static readonly BodyCase[] _reported =
    [
        At("The keys of a dictionary", "Dictionary<int, string> d", "S.All(d.Keys)", "d.Keys", "'Dictionary<int, string>.KeyCollection', and of that no copy can be made which surely behaves alike: pass a list of its elements"),
        At("The keys of a sorted dictionary, named", "SortedDictionary<int, string> d", "S.All(a: d.Keys)", "a: d.Keys", "for 'a' is of type 'SortedDictionary<int, string>.KeyCollection'"),
        At("The same through a type parameter", "Dictionary<int, string> d", "S.Of(d.Keys)", "d.Keys", "KeyCollection'"),
        At("A class of one's own", "Own o", "S.All(o)", "o", "'Own'"),
        At("A class of one's own for a list", "Own o", "S.List(o)", "o", "pass a list of its elements"),
        At("A list of another type of elements", "List<Kin> l", "S.Each(l)", "l", "'List<Kin>'"),
        At("An array of another type of elements", "Kin[] l", "S.Each(l)", "l", "'Kin[]'"),
        At("A set that is not known", "ImmutableSortedSet<int>.Builder s", "S.All(s)", "s", "Builder'"),
        At("A dictionary that is not known", "ConcurrentDictionary<int, int> d", "S.Map(d)", "d", "pass a Dictionary"),
        At("A set that goes to a tier", "HashSet<int> s", "S.Far(s)", "s", "'HashSet<int>', and a tier has no text for what a set compares its elements with: pass a list of its elements"),
        At("A frozen one, with the tier of a default", "FrozenSet<int> s", "D.Far(s)", "s", "a tier has no text"),
        At("Whatever set it is", "IReadOnlySet<int> s", "S.Far(s)", "s", "'IReadOnlySet<int>'"),
    ];

    static readonly BodyCase[] _silent =
    [
        Silent("Lists that go to a tier, and a set that does not", "List<int> l, int[] a, IEnumerable<int> e, Dictionary<int, int> d, HashSet<int> s", "S.Far(l) + S.Far(a) + S.Far(e) + S.Far(d.Values) + D.Far(l) + D.Near(s)"),
        Silent("Lists and arrays", "List<int> l, int[] a, Collection<int> c, ObservableCollection<int> o, LinkedList<int> k, ArraySegment<int> s, ReadOnlyCollection<int> r, ImmutableList<int> i, ImmutableArray<int> n",
            "S.All(l) + S.All(a) + S.All(c) + S.All(o) + S.All(k) + S.All(s) + S.All(r) + S.All(i) + S.All(n) + S.List(l) + S.Of(l) + S.Of(a) + S.Fixed(n) + S.All([1, 2])"),
        Silent("Sets", "HashSet<int> h, SortedSet<int> s, FrozenSet<int> f, ImmutableHashSet<int> i, ImmutableSortedSet<int> o", "S.All(h) + S.All(s) + S.All(f) + S.Set(h) + S.Set(s) + S.Set(f) + S.Set(i) + S.Set(o)"),
        Silent("Dictionaries and their values", "Dictionary<int, int> d, SortedDictionary<int, int> s, SortedList<int, int> l, ReadOnlyDictionary<int, int> r, FrozenDictionary<int, int> f, ImmutableDictionary<int, int> i", "S.Map(d) + S.Map(s) + S.Map(l) + S.Map(r) + S.Map(f) + S.Map(i) + S.All(d.Values) + S.All(s.Values)"),
        Silent("What can only be enumerated, and what only the running program knows", "Queue<Thing> q, IEnumerable<Thing> e, IReadOnlyCollection<int> c, ConcurrentBag<Thing> b", "S.Each(q) + S.Each(e) + S.All(c) + S.Each(b) + S.Each(e.Select(x => x)) + S.All(null!)"),
        Silent("What is not in the key", "Dictionary<int, string> d", "S.Left(d.Keys, 1)"),
        Silent("Another method of the name", "Dictionary<int, string> d", "Other.All(d.Keys); } public static class Other { public static int All(IReadOnlyCollection<int> a) => a.Count"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => BodyCase.Names(_reported);

    public static IEnumerable<TheoryDataRow<string>> SilentRows => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Rows))]
    public Task It_is_said_where_the_type_of_the_expression_tells_it(string name) => BodyCase.Verify(_reported, name, "MEMO0114");

    [Theory, MemberData(nameof(SilentRows))]
    public Task What_is_known_or_may_be_is_not(string name) => BodyCase.Verify(_silent, name, "MEMO0114");
}
