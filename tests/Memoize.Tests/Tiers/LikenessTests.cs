using System.Collections.Immutable;
using System.ComponentModel;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>A value that was read again and the one that was written: told apart by what no serializer shows, and by nothing else.</summary>
public sealed class LikenessTests
{
    public class Animal
    {
        public int Legs { get; init; }
    }

    public sealed class Dog : Animal
    {
        public string Sound { get; init; } = "";
    }

    public sealed record Farm(string Name, IReadOnlyList<Animal> Animals, object? Extra = null);

    private class Purse(decimal net)
    {
        private readonly decimal _net = net;

        public string Currency { get; init; } = "EUR";

        public decimal Net() => _net;
    }

    private sealed class FullPurse(decimal net, int coins) : Purse(net)
    {
        public int Coins() => coins;
    }

    private sealed class Bag : List<int>
    {
        public int Total { get; init; }
    }

    private sealed class Told : INotifyPropertyChanged
    {
        [NonSerialized]
        private string? display;

        public event PropertyChangedEventHandler? PropertyChanged;

        public int A { get; init; }

        public string Show()
        {
            PropertyChanged?.Invoke(this, new(nameof(A)));
            return display ??= $"A is {A}";
        }
    }

    private sealed class Node
    {
        public int A { get; init; }

        public Node? Next { get; set; }
    }

    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, (object? Was, object? Came, string? Difference)> Cases = new()
    {
        ["Nothing"] = (null, null, null),
        ["Nothing, which was something"] = ("a", null, "Object is empty when it comes back, and was not"),
        ["Something, which was nothing"] = (null, "a", "Object is no longer empty when it comes back"),
        ["Records with lists of different kinds"] = (new Farm("f", [new() { Legs = 4 }]), new Farm("f", new List<Animal> { new() { Legs = 4 } }), null),
        ["A text deep inside"] = (new Farm("f", [], new Farm("g", [])), new Farm("f", [], new Farm("h", [])), "Object.Extra.Name comes back with another value"),
        ["A derived type"] = (new Farm("f", [new Dog()]), new Farm("f", [new Animal()]), "Object.Animals[] is a Memoize.Tests.Tiers.LikenessTests+Dog, and comes back as a Memoize.Tests.Tiers.LikenessTests+Animal"),
        ["A private field"] = (new Purse(5), new Purse(0), "Object._net comes back with another value"),
        ["A private field of a base class"] = (new FullPurse(5, 1), new FullPurse(0, 1), "Object._net comes back with another value"),
        ["What a primary constructor captures"] = (new FullPurse(5, 1), new FullPurse(5, 0), "Object.coins comes back with another value"),
        ["Equal private fields"] = (new FullPurse(5, 1), new FullPurse(5, 1), null),
        ["What a collection has besides its elements"] = (new Bag { Total = 7 }, new Bag(), "Object.Total comes back with another value"),
        ["The elements of a collection of one's own"] = (new Bag { 1 }, new Bag { 2 }, "Object[] comes back with another value"),
        ["The room that a list keeps for more"] = (new List<int>(100) { 1 }, new List<int> { 1 }, null),
        ["Fewer elements"] = (new[] { 1, 2 }, new[] { 1 }, "Object comes back with fewer elements"),
        ["More elements"] = (new[] { 1 }, new[] { 1, 2 }, "Object comes back with more elements"),
        ["The order of a dictionary"] = (new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }, null),
        ["The keys of a dictionary"] = (new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["b"] = 1 }, "Object comes back with other keys"),
        ["The values of a dictionary"] = (new Dictionary<string, Purse> { ["a"] = new(1) }, new Dictionary<string, Purse> { ["a"] = new(2) }, "Object[]._net comes back with another value"),
        ["The size of a dictionary"] = (new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int>(), "Object comes back with another number of entries"),
        ["How a dictionary compares"] = (new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, new Dictionary<string, int> { ["a"] = 1 }, "Object compares its strings in a way of its own, and comes back with the usual one"),
        ["How both dictionaries compare"] = (new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }, null),
        ["How a set compares"] = (new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }, new HashSet<string> { "a" }, "Object compares its strings in a way of its own, and comes back with the usual one"),
        ["Immutable collections"] = (ImmutableArray.Create(1, 2), ImmutableArray.Create(1, 2), null),
        ["Tuples"] = ((1, "a", new Purse(1)), (1, "a", new Purse(2)), "Object.Item3._net comes back with another value"),
        ["Pairs"] = (KeyValuePair.Create("a", new Purse(1)), KeyValuePair.Create("a", new Purse(2)), "Object.value._net comes back with another value"),
        ["A moment"] = (Noon, Noon, null),
        ["The kind of a moment"] = (Noon, DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified), "Object comes back with another value"),
        ["The offset of a moment"] = (new DateTimeOffset(Noon), new DateTimeOffset(Noon).ToOffset(TimeSpan.FromHours(1)), "Object comes back with another value"),
        ["Numbers without a value"] = (double.NaN, double.NaN, null),
        ["The sign of a zero"] = (0.0, -0.0, "Object comes back with another value"),
        ["The scale of a decimal"] = (1.0m, 1.00m, "Object comes back with another value"),
        ["The sign of a decimal that is zero, which no text has"] = (0m, decimal.Negate(0m), null),
        ["The fragment of an address"] = (new Uri("http://a/b#c"), new Uri("http://a/b#d"), "Object comes back with another value"),
        ["An address"] = (new Uri("http://a/b"), new Uri("http://a/b"), null),
        ["A field that its author takes for no data, and who listens to it"] = (Shown(), new Told { A = 1 }, null),
        ["A circle"] = (Circle(1), Circle(1), null),
        ["A circle with another value"] = (Circle(1), Circle(2), "Object.Next.A comes back with another value"),
        ["A chain without end"] = (Chain(5000), Chain(5000), null),
        ["More than anybody looks at"] = (Enumerable.Range(0, 50_000).ToArray(), Enumerable.Range(0, 50_000).ToArray(), null),
    };

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(static name => new TheoryDataRow<string>(name) { TestDisplayName = name });

    [Theory, MemberData(nameof(Names))]
    public void What_differs_is_told_by_its_path_and_without_its_value(string name)
    {
        var (was, came, difference) = Cases[name];
        Assert.Equal(difference, Likeness.DifferenceOf(was, came));
    }

    private static Told Shown()
    {
        Told told = new() { A = 1 };
        told.PropertyChanged += (_, _) => { };
        Assert.Equal("A is 1", told.Show());
        return told;
    }

    private static Node Circle(int a)
    {
        Node node = new() { Next = new() { A = a } };
        node.Next.Next = node;
        return node;
    }

    private static Node Chain(int length)
    {
        Node? node = null;
        for (var i = 0; i < length; i++)
            node = new() { A = i, Next = node };
        return node!;
    }
}
