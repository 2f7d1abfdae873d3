namespace Memoize.Integration.Tests;

/// <summary>Keys of parameters, instances and collections.</summary>
public class KeyTests
{
    private static readonly Counted _members = new();
    private static readonly Counted _structural = new();
    private static readonly Counted _state = new();
    private static readonly Counted _perInstance = new();
    private static readonly Counted _generic = new();

    [Fact]
    public void Chosen_members_are_the_key()
    {
        Assert.Equal(7, Total(new Order(7, "a")));
        Assert.Equal(7, Total(new Order(7, "b")));
        Assert.Equal(1, _members.Runs);
    }

    [Fact]
    public void Collections_are_keyed_by_content_and_copied()
    {
        var list = new List<int> { 1, 2 };
        Assert.Equal(3, Sum(list));
        list.Add(3);
        Assert.Equal(6, Sum(list));
        Assert.Equal(3, Sum([1, 2]));
        Assert.Equal(2, _structural.Runs);
    }

    [Fact]
    public void Keyed_state_is_in_the_key()
    {
        Assert.Equal("eu1", new Region("eu").Name(1));
        Assert.Equal("us1", new Region("us").Name(1));
        Assert.Equal("eu1", new Region("eu").Name(1));
        Assert.Equal(2, _state.Runs);
    }

    [Fact]
    public void Instances_may_have_caches_of_their_own()
    {
        var one = new Session(1);
        var two = new Session(2);
        Assert.Equal([11, 21, 11, 21], [one.Add(10), two.Add(19), one.Add(10), two.Add(19)]);
        Assert.Equal(2, _perInstance.Runs);
    }

    [Fact]
    public void Type_arguments_are_in_the_key()
    {
        Assert.Equal(["Int32", "Int64", "Int32"], [NameOf(1), NameOf(1L), NameOf(1)]);
        Assert.Equal(2, _generic.Runs);
    }

    [Cached]
    internal static int Total([CacheKey(nameof(Order.Id))] Order order) => _members.Ran(order.Id);

    [Cached]
    internal static int Sum([CacheKey(Structural = true)] IReadOnlyList<int> numbers) => _structural.Ran(numbers.Sum());

    [Cached]
    internal static string NameOf<T>(T value)
        where T : struct, IEquatable<T> => _generic.Ran(value.GetType().Name);

    internal sealed class Order(int id, string note)
    {
        public int Id { get; } = id;

        public string Note { get; set; } = note;
    }

    internal sealed class Region([CacheKey] string code)
    {
        [Cached]
        public string Name(int number) => _state.Ran(code + number);
    }

    internal sealed class Session(int number)
    {
        [Cached(PerInstance = true)]
        public int Add(int value) => _perInstance.Ran(number + value);
    }
}
