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

        Assert.Equal([1, 2], key.ToArray());
        Assert.Equal(hash, key.GetHashCode());
        Assert.True(key.Equals(SequenceKey<int>.Of([1, 2])));
        Assert.False(key.Equals(SequenceKey<int>.Of(list)));
    }

    [Fact]
    public void What_the_method_does_to_its_copy_does_not_reach_the_key()
    {
        var key = SequenceKey<int>.Of([1, 2])!;
        key.ToArray()[0] = 7;
        key.ToList().Clear();

        Assert.True(key.Equals(SequenceKey<int>.Of([1, 2])));
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
        Assert.Same(ignoring.Comparer, SetKey<string>.Of(ignoring)!.ToHashSet().Comparer);
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
        Assert.Equal(2, map.ToDictionary()["b"]);
        Assert.Equal("{\"a\": 1}", MapKey<string, int>.Of(new Dictionary<string, int> { ["a"] = 1 })!.ToString());
    }

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
        public SetKey<Colliding> Key { get; } = SetKey<Colliding>.Of(items)!;
    }

    private sealed record Colliding(string Text)
    {
        public override int GetHashCode() => 1;
    }
}
