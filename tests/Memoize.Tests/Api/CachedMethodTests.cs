using System.Globalization;

namespace Memoize.Tests.Api;

public class CachedMethodTests
{
    private sealed class Handle(params CachedMethod[] methods) : CacheHandle(methods);

    [Fact]
    public void It_is_listed_in_Memo()
    {
        var method = TestCache.Method();

        Assert.Contains(method, Memo.Caches);
        Assert.Equal(method.Name, method.ToString());
    }

    [Fact]
    public void Its_numbers_are_those_of_all_its_caches()
    {
        var method = TestCache.Method();
        var ints = method.CreateCache<int, int>();
        var strings = method.CreateCache<string, string>();
        var instances = method.CreateInstanceCaches<object, int, int>();
        var (one, two) = (new object(), new object());
        ints.Get(1, _ => 1);
        ints.Get(1, _ => 1);
        strings.Get("a", _ => "a");
        instances.For(one).Get(1, _ => 1);
        instances.For(two).Get(1, _ => 1);
        instances.For(two).Get(1, _ => 1);

        Assert.Equal(4, method.Count);
        Assert.Equal((2, 4, 4, 4), (method.Statistics.Hits, method.Statistics.Misses, method.Statistics.Loads, method.Statistics.Count));
        Assert.Equal((1, 1), (ints.Statistics.Hits, ints.Count));
        Assert.Equal((0, 1), (strings.Statistics.Hits, strings.Count));
        GC.KeepAlive(one);
    }

    [Fact]
    public void Clear_clears_all_its_caches()
    {
        var method = TestCache.Method();
        var cache = method.CreateCache<int, int>();
        var instances = method.CreateInstanceCaches<object, int, int>();
        var instance = new object();
        cache.Set(1, 1);
        instances.For(instance).Set(1, 1);
        method.Clear();

        Assert.Equal(0, method.Count);
        Assert.False(instances.For(instance).TryGet(1, out _));
        Assert.Equal(2, method.Statistics.EvictionsByRequest);
    }

    [Fact]
    public void A_handle_speaks_for_all_overloads()
    {
        var (first, second) = (TestCache.Method(), TestCache.Method());
        var handle = new Handle(first, second);
        var (a, b) = (first.CreateCache<int, int>(), second.CreateCache<string, int>());
        a.Get(1, _ => 1);
        b.Get("a", _ => 1);
        b.Get("a", _ => 1);

        Assert.Equal($"{first.Name}, {second.Name}", handle.Name);
        Assert.Equal(handle.Name, handle.ToString());
        Assert.Equal((1, 2, 2), (handle.Statistics.Hits, handle.Statistics.Misses, handle.Statistics.Count));
        handle.Clear();
        Assert.Equal(0, handle.Statistics.Count);
    }

    [Fact]
    public void A_handle_needs_a_method() => Assert.Throws<ArgumentException>(() => new Handle());

    public static TheoryData<string, CacheOptions, string> Impossible => new()
    {
        { nameof(CacheOptions.MaxSize), new() { MaxSize = 2 }, "at least 3" },
        { nameof(CacheOptions.MaxSize), new() { MaxSize = 0 }, "at least 3" },
        { nameof(CacheOptions.MaxSize), new() { MaxSize = -1 }, "at least 3" },
        { nameof(CacheOptions.Ttl), new() { Ttl = -1 }, "leave it out" },
        { nameof(CacheOptions.Ttl), new() { Ttl = double.NaN }, "no number of seconds" },
        { nameof(CacheOptions.Ttl), new() { Ttl = double.PositiveInfinity }, "for no limit" },
        { nameof(CacheOptions.Ttl), new() { Ttl = 1e300 }, "hundred years" },
        { nameof(CacheOptions.Ttl), new() { Ttl = 0.0001 }, "millisecond" },
        { nameof(CacheOptions.Sliding), new() { Sliding = -0.5 }, "-0.5" },
        { nameof(CacheOptions.Sliding), new() { Sliding = double.NegativeInfinity }, "no number of seconds" },
        { nameof(CacheOptions.Eviction), new() { Eviction = (Eviction)7 }, "Eviction.Lru" },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void An_option_that_no_cache_can_honour_is_refused_with_method_option_and_advice(string option, CacheOptions options, string advice)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new CachedMethod("Shop.Store.Get(int)", options));
            Assert.Contains("Shop.Store.Get(int)", refused.Message, StringComparison.Ordinal);
            Assert.Contains(option, refused.Message, StringComparison.Ordinal);
            Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void What_is_possible_is_accepted()
    {
        CacheOptions[] possible =
        [
            new(), new() { MaxSize = 3 }, new() { Ttl = 86400.0 * 365 }, new() { Ttl = 1, Sliding = 5 },
            new() { Eviction = Eviction.Lfu, Sliding = 0.5 },
        ];
        Assert.Equal("value", TestCache.Of(new() { Ttl = 0.001 }).Get(1, _ => "value"));
        foreach (var options in possible)
        {
            var cache = TestCache.Of(options);
            cache.Get(1, _ => "value");
            Assert.Equal("value", cache.Get(1, _ => "never"));
        }
    }

    [Fact]
    public void A_method_has_a_name()
    {
        Assert.Throws<ArgumentException>(() => new CachedMethod(" ", new()));
        Assert.Throws<ArgumentNullException>(() => new CachedMethod(null!, new()));
        Assert.Throws<ArgumentNullException>(() => new CachedMethod("Get", null!));
    }
}
