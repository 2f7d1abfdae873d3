using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Memoize.Keys;

namespace Memoize.Tests.Keys;

public class StructuralKeyTests
{
    [Fact]
    public void What_the_caller_does_to_the_list_later_does_not_reach_the_key()
    {
        var list = new List<int> { 1, 2 };
        var key = SequenceKey<int>.Of(list)!;
        var hash = key.GetHashCode();
        list[0] = 7;

        Assert.Equal([1, 2], Assert.IsType<List<int>>(key.Copy()));
        Assert.Equal(hash, key.GetHashCode());
        Assert.True(key.Equals(SequenceKey<int>.Of([1, 2])));
        Assert.False(key.Equals(SequenceKey<int>.Of(list)));
    }

    [Fact]
    public void What_the_method_does_to_its_copy_does_not_reach_the_key()
    {
        var key = SequenceKey<int>.Of(new[] { 1, 2 })!;
        ((int[])key.Copy())[0] = 7;
        var list = SequenceKey<int>.Of(new List<int> { 1, 2 })!;
        ((List<int>)list.Copy()).Clear();

        Assert.True(key.Equals(SequenceKey<int>.Of([1, 2])));
        Assert.True(list.Equals(key));
        Assert.Equal([1, 2], key.Copy());
        Assert.Equal([1, 2], list.Copy());
    }

    [Fact]
    public void Null_is_not_empty()
    {
        Assert.Null(SequenceKey<int>.Of(null));
        Assert.Null(SetKey<int>.Of(null));
        Assert.Null(MapKey<int, int>.Of(null));
        Assert.Equal("[]", SequenceKey<int>.Of([])!.ToString());
    }

    [Fact]
    public void A_sequence_has_an_order_and_elements_by_value()
    {
        Assert.False(SequenceKey<int>.Of([1, 2])!.Equals(SequenceKey<int>.Of([2, 1])));
        Assert.False(SequenceKey<double>.Of([0.0])!.Equals(SequenceKey<double>.Of([-0.0])));
        Assert.True(SequenceKey<double>.Of([double.NaN])!.Equals(SequenceKey<double>.Of([-double.NaN])));
        Assert.False(SequenceKey<string>.Of(["a,b"])!.Equals(SequenceKey<string>.Of(["a", "b"])));
        Assert.False(SequenceKey<string?>.Of([null])!.Equals(SequenceKey<string?>.Of([""])));
        Assert.Equal("[\"a\", null]", SequenceKey<string?>.Of(["a", null])!.ToString());
    }

    [Fact]
    public void A_set_has_no_order_but_its_comparer_counts()
    {
        var ordinal = new HashSet<string> { "a", "b" };
        var ignoring = new HashSet<string>(["b", "a"], StringComparer.OrdinalIgnoreCase);

        Assert.True(SetKey<string>.Of(ordinal)!.Equals(SetKey<string>.Of(new HashSet<string> { "b", "a" })));
        Assert.False(SetKey<string>.Of(ordinal)!.Equals(SetKey<string>.Of(ignoring)));
        Assert.False(SetKey<string>.Of(ordinal)!.Equals(SetKey<string>.Of(new SortedSet<string> { "a", "b" })));
        Assert.False(SetKey<string>.Of(ignoring)!.Equals(SetKey<string>.Of(new HashSet<string>(["B", "a"], StringComparer.OrdinalIgnoreCase))));
        Assert.Same(ignoring.Comparer, SetKey<string>.Of(ignoring)!.Copy() is HashSet<string> copy ? copy.Comparer : null);
    }

    [Fact]
    public void Every_kind_of_set_brings_its_comparer()
    {
        var upper = StringComparer.OrdinalIgnoreCase;
        string[] items = ["a"];
        (IEnumerable<string> Plain, IEnumerable<string> Ignoring)[] pairs =
        [
            (items.ToHashSet(), items.ToHashSet(upper)),
            (new SortedSet<string>(items), new SortedSet<string>(items, upper)),
            (items.ToFrozenSet(), items.ToFrozenSet(upper)),
            (items.ToImmutableHashSet(), items.ToImmutableHashSet(upper)),
            (items.ToImmutableSortedSet(), items.ToImmutableSortedSet(upper)),
        ];

        Assert.All(pairs, pair => Assert.False(SetKey<string>.Of(pair.Plain)!.Equals(SetKey<string>.Of(pair.Ignoring))));
    }

    [Fact]
    public void Every_kind_of_dictionary_brings_its_comparer()
    {
        var upper = StringComparer.OrdinalIgnoreCase;
        var items = new Dictionary<string, int> { ["a"] = 1 };
        (IEnumerable<KeyValuePair<string, int>> Plain, IEnumerable<KeyValuePair<string, int>> Ignoring)[] pairs =
        [
            (items, new Dictionary<string, int>(items, upper)),
            (new SortedDictionary<string, int>(items), new SortedDictionary<string, int>(items, upper)),
            (new SortedList<string, int>(items), new SortedList<string, int>(items, upper)),
            (new ConcurrentDictionary<string, int>(items), new ConcurrentDictionary<string, int>(items, upper)),
            (items.ToFrozenDictionary(), items.ToFrozenDictionary(upper)),
            (items.ToImmutableDictionary(), items.ToImmutableDictionary(upper)),
            (items.ToImmutableSortedDictionary(), items.ToImmutableSortedDictionary(upper)),
        ];

        Assert.All(pairs, pair => Assert.False(MapKey<string, int>.Of(pair.Plain)!.Equals(MapKey<string, int>.Of(pair.Ignoring))));
    }

    [Fact]
    public void A_map_has_no_order_and_keeps_keys_and_values_together()
    {
        var map = MapKey<string, int>.Of(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 })!;

        Assert.True(map.Equals(MapKey<string, int>.Of(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 })));
        Assert.False(map.Equals(MapKey<string, int>.Of(new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 })));
        Assert.Equal(2, ((Dictionary<string, int>)map.Copy())["b"]);
        Assert.Equal("{\"a\": 1}", MapKey<string, int>.Of(new Dictionary<string, int> { ["a"] = 1 })!.ToString());
    }

    [Fact]
    public void What_cannot_be_copied_is_equal_to_nothing_else()
    {
        var odd = new Odd { 1, 2 };
        var same = new Odd { 1, 2 };

        Assert.False(SequenceKey<int>.Rent(odd)!.CanCopy);
        Assert.Null(SequenceKey<int>.Rent(null));
        var key = SequenceKey<int>.Of(odd)!;
        Assert.True(key.Equals(key));
        Assert.False(key.Equals(SequenceKey<int>.Of(same)));
        Assert.False(key.Equals(SequenceKey<int>.Of(odd)));
        Assert.False(SequenceKey<int>.Of(new List<int>())!.Equals(SequenceKey<int>.Of(new Odd())));
        Assert.Same(odd, key.Copy());
    }

    [Fact]
    public void Where_a_list_can_be_changed_it_differs_from_an_array()
    {
        int[] array = [1];
        List<int> list = [1];

        Assert.True(SequenceKey<int>.Of(array)!.Equals(SequenceKey<int>.Of(list)));
        Assert.False(SequenceKey<int>.OfChangeable(array)!.Equals(SequenceKey<int>.OfChangeable(list)));
        Assert.True(SequenceKey<int>.OfChangeable(list)!.Equals(SequenceKey<int>.OfChangeable(new List<int> { 1 })));
    }

    [Fact]
    public void Other_processes_see_the_difference_and_not_what_they_cannot_name()
    {
        Assert.Equal("[1]", KeyPart.Shared(SequenceKey<int>.OfChangeable(new List<int> { 1 })));
        Assert.Equal("Array[1]", KeyPart.Shared(SequenceKey<int>.OfChangeable(new[] { 1 })));
        Assert.Equal("[1]", KeyPart.Shared(SequenceKey<int>.Of(new[] { 1 })));

        var set = new HashSet<int> { 1 };
        Assert.False(SequenceKey<int>.Rent(set)!.CanShare);
        Assert.NotEqual(KeyPart.Shared(SequenceKey<int>.Of(set)), KeyPart.Shared(SequenceKey<int>.Of(set)));
        Assert.True(SequenceKey<int>.Rent(set.ToArray())!.CanShare);
    }

    [Fact]
    public void A_copy_of_a_set_or_a_dictionary_has_the_order_of_the_original()
    {
        var set = new HashSet<string>();
        var map = new Dictionary<string, int>();
        foreach (var name in Enumerable.Range(0, 50).Select(i => $"{i * 7919 % 50}"))
        {
            set.Add(name);
            map[name] = 1;
        }

        Assert.Equal(set.ToArray(), SetKey<string>.Of(set)!.Copy().ToArray());
        Assert.Equal(map.ToArray(), MapKey<string, int>.Of(map)!.Copy().ToArray());
    }

    private sealed class Odd : List<int>;

    [Fact]
    public void Elements_with_equal_hashes_are_matched_in_any_order()
    {
        var one = new SetOf(new("x"), new("y"), new("z"));
        var other = new SetOf(new("z"), new("x"), new("y"));
        var twice = new SetOf(new("x"), new("x"), new("y"));
        var otherTwice = new SetOf(new("x"), new("y"), new("y"));

        Assert.True(one.Key.Equals(other.Key));
        Assert.False(twice.Key.Equals(otherTwice.Key));
    }

    private sealed class SetOf(params Colliding[] items)
    {
        public SetKey<Colliding> Key { get; } = SetKey<Colliding>.Of(new HashSet<Colliding>(items, AllDiffer.Instance))!;
    }

    // A set that holds one element several times.
    private sealed class AllDiffer : IEqualityComparer<Colliding>
    {
        public static readonly AllDiffer Instance = new();

        public bool Equals(Colliding? x, Colliding? y) => false;

        public int GetHashCode(Colliding obj) => 1;
    }

    private sealed record Colliding(string Text)
    {
        public override int GetHashCode() => 1;
    }
}
