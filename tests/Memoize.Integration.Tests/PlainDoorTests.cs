namespace Memoize.Integration.Tests;

/// <summary>Direct calls are redirected to the cache.</summary>
public class PlainDoorTests
{
    private static readonly Counted _static = new();
    private static readonly Counted _instance = new();
    private static readonly Counted _extension = new();
    private static readonly Counted _hidden = new();
    private static readonly Counted _struct = new();
    private static readonly Counted _virtual = new();

    [Fact]
    public void A_static_method_runs_once_per_argument()
    {
        Assert.Equal([2, 2, 4], [Twice(1), Twice(1), Twice(2)]);
        Assert.Equal(2, _static.Runs);
    }

    [Fact]
    public void Instances_share_a_cache()
    {
        Assert.Equal("1", new Service().Find(1));
        Assert.Equal("1", new Service().Find(id: 1));
        Service? none = null;
        Assert.Null(none?.Find(1));
        Assert.Throws<NullReferenceException>(() => none!.Find(1));
        Assert.Equal("1", new Service()?.Find(1));
        Assert.Equal(1, _instance.Runs);
    }

    [Fact]
    public void An_extension_is_one_cache_in_both_spellings()
    {
        Assert.Equal("ab", "a".Join("b"));
        Assert.Equal("ab", Extensions.Join("a", with: "b"));
        Assert.Equal(1, _extension.Runs);
    }

    [Fact]
    public void A_private_method_is_cached()
    {
        Assert.Equal(6, new Service().UsesHidden(3));
        Assert.Equal(6, new Service().UsesHidden(3));
        Assert.Equal(1, _hidden.Runs);
    }

    [Fact]
    public void A_struct_is_cached_on_variables_fields_and_results()
    {
        var point = new Point();
        Assert.Equal(2, point.Next(1));
        Assert.Equal(2, default(Point).Next(1));
        Assert.Equal(2, new[] { point }[0].Next(1));
        Assert.Equal(1, _struct.Runs);
    }

    [Fact]
    public void A_virtual_method_tells_run_time_types_apart()
    {
        Animal animal = new(), dog = new Dog();
        Assert.Equal("animal", animal.Name(1));
        Assert.Equal("dog", dog.Name(1));
        Assert.Equal("animal", animal.Name(1));
        Assert.Equal("dog", dog.Name(1));
        Assert.Equal(2, _virtual.Runs);
    }

    [Cached(Ttl = 300, MaxSize = 1000)]
    internal static int Twice(int value) => _static.Ran(value * 2);

    internal sealed class Service
    {
        [Cached]
        public string Find(int id) => _instance.Ran($"{id}");

        public int UsesHidden(int value) => Hidden(value);

        [Cached]
        private int Hidden(int value) => _hidden.Ran(value * 2);
    }

    internal struct Point
    {
        [Cached]
        public readonly int Next(int value) => _struct.Ran(value + 1);
    }

    internal class Animal
    {
        [Cached]
        public virtual string Name(int number) => _virtual.Ran("animal");
    }

    internal sealed class Dog : Animal
    {
        public override string Name(int number) => _virtual.Ran("dog");
    }

    public static string JoinCounted(string text) => _extension.Ran(text);
}

internal static class Extensions
{
    [Cached]
    public static string Join(this string text, string with) => PlainDoorTests.JoinCounted(text + with);
}
