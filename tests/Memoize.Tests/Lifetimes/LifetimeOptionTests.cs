namespace Memoize.Tests.Lifetimes;

/// <summary>Null results, spread lifetimes, and which option decides where several do.</summary>
public sealed class LifetimeOptionTests : TimedTests
{
    private static string? Null => null;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Null_may_live_for_another_time(Eviction eviction, bool isAsync)
    {
        foreach (var nullTtl in new double[] { 5, 50 })
        {
            var subject = new Subject(new() { Ttl = 10, NullTtl = nullTtl, Eviction = eviction }, isAsync) { Next = _ => Task.FromResult(Null) };
            Assert.Null(subject.Get());
            Pass(nullTtl - 0.001);
            Assert.Null(subject.Get());
            Assert.Equal(1, subject.Loads);
            Pass(0.001);
            subject.Next = null;
            Assert.Equal("value 2", subject.Get());
            Pass(9.999);
            Assert.Equal("value 2", subject.Get());
            Pass(0.001);
            Assert.Equal("value 3", subject.Get());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Null_may_not_be_kept_at_all(Eviction eviction, bool isAsync)
    {
        var asked = 0;
        var subject = new Subject(new() { Ttl = 10, CacheNull = false, Eviction = eviction }, isAsync)
        {
            Next = _ => Task.FromResult(Null),
            Rules = new()
            {
                Terms = value =>
                {
                    asked++;
                    return default;
                },
            },
        };
        Assert.Null(subject.Get());
        Assert.Null(subject.Get());
        Assert.Equal((2, 0, 2, 2), (subject.Loads, subject.Cache.Count, subject.Statistics.NotStoredNull, subject.Statistics.NotStored));

        // The rules need not know what to say of it.
        Assert.Equal(0, asked);
        subject.Next = null;
        subject.Get();
        Assert.Equal(1, asked);

        // What was kept is out of date.
        subject.Next = _ => Task.FromResult(Null);
        Assert.Null(subject.Refresh());
        Assert.Null(subject.Peek());
        Assert.Equal(0, subject.Cache.Count);
        subject.Cache.Set(1, "set");
        subject.Cache.Set(1, null);
        Assert.Equal(0, subject.Cache.Count);
    }

    [Fact]
    public void Null_is_null_also_where_the_result_is_a_value()
    {
        var cache = TestCache.Of<int, int?>(new() { CacheNull = false });
        cache.Load(1, _ => null);
        cache.Load(2, _ => 0);
        Assert.Equal((1, 1), (cache.Count, cache.Statistics.NotStoredNull));

        var numbers = TestCache.Of<int, int>(new() { CacheNull = false, NullTtl = 1 });
        numbers.Load(1, _ => 0);
        Pass(10);
        Assert.True(numbers.TryGet(1, out _));

        var shorter = TestCache.Of<int, int?>(new() { NullTtl = 1 });
        shorter.Load(1, _ => null);
        shorter.Load(2, _ => 0);
        Pass(1);
        Assert.False(shorter.TryGet(1, out _));
        Assert.True(shorter.TryGet(2, out _));
    }

    [Fact]
    public void The_time_of_null_is_that_of_the_options_whatever_the_rules_say()
    {
        var subject = new Subject(new() { NullTtl = 5 }, isAsync: false)
        {
            Next = _ => Task.FromResult(Null),
            Rules = new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(100) } },
        };
        subject.Get();
        Pass(5);
        Assert.False(subject.Cache.TryGet(1, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Jitter_takes_a_random_part_off(Eviction eviction, bool isAsync)
    {
        var chance = 0.0;
        var subject = new Subject(new() { Ttl = 10, NullTtl = 4, Jitter = 0.5, Chance = () => chance, Eviction = eviction }, isAsync);
        double Lives(double drawn, int key)
        {
            chance = drawn;
            subject.Get(key);
            var lived = 0.0;
            while (subject.Peek(key) is not null)
            {
                Pass(0.25);
                lived += 0.25;
            }

            return lived;
        }

        Assert.Equal([10, 9, 7.5, 5], [Lives(0, 1), Lives(0.2, 2), Lives(0.5, 3), Lives(1, 4)]);
        subject.Rules = new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(20) } };
        Assert.Equal(15, Lives(0.5, 5));
    }

    [Fact]
    public void Jitter_spreads_evenly_and_never_beyond()
    {
        var cache = TestCache.Of<int, int>(new() { Ttl = 100, Jitter = 0.1, MaxSize = 10_000 });
        for (var key = 0; key < 10_000; key++)
            cache.Set(key, key);
        Pass(90 - 0.001);
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Count(key => cache.Peek(key, out _)));
        Pass(5.001);
        Assert.InRange(Enumerable.Range(0, 10_000).Count(key => cache.Peek(key, out _)), 4700, 5300);
        Pass(5);
        Assert.Equal(0, Enumerable.Range(0, 10_000).Count(key => cache.Peek(key, out _)));
    }

    [Fact]
    public void Jitter_leaves_the_sliding_time_alone_and_an_entry_lives_for_a_moment_at_least()
    {
        var sliding = TestCache.Of(new() { Sliding = 10, Jitter = 1, Chance = () => 1 });
        sliding.Set(1, "value");
        Pass(9.999);
        Assert.True(sliding.TryGet(1, out _));

        var moment = TestCache.Of(new() { Ttl = 10, Jitter = 1, Chance = () => 1 });
        moment.Set(1, "value");
        Assert.True(moment.TryGet(1, out _));
        Pass(0.001);
        Assert.False(moment.TryGet(1, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Stale_times_begin_when_this_value_is_over(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(
            new() { Ttl = 10, NullTtl = 4, Jitter = 0.5, Chance = () => 1, StaleWhileRevalidate = 3, StaleIfError = 6, Eviction = eviction }, isAsync)
        {
            Next = _ => Task.FromResult(Null),
        };
        subject.Get();                      // null: 4 seconds, of which the half is taken off
        Pass(4.999);
        Assert.True(subject.Cache.Peek(1, out _));
        Pass(0.001);
        Assert.False(subject.Cache.Peek(1, out _));
        subject.Fail();
        Assert.Null(subject.Get());
        Pass(3);
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
    }

    public static TheoryData<string, double> Bad
    {
        get
        {
            var bad = new TheoryData<string, double>();
            foreach (var option in new[] { "StaleWhileRevalidate", "StaleIfError", "Timeout", "ErrorTtl", "NullTtl" })
            {
                foreach (var value in new[] { -1, double.NaN, double.PositiveInfinity, 0.0001, 1e12 })
                    bad.Add(option, value);
            }

            foreach (var option in new[] { "RefreshAhead", "Jitter" })
            {
                foreach (var value in new[] { -0.1, double.NaN, double.PositiveInfinity, 1.1 })
                    bad.Add(option, value);
            }

            bad.Add("MaxBytes", -1);
            return bad;
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_no_cache_can_honour_is_refused(string option, double value)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => TestCache.Method(With(option, value)));
        Assert.Equal($"options.{option}", refusal.ParamName);
        Assert.Contains($": {option} is ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RefreshAhead", 1)]
    [InlineData("Jitter", 1)]
    [InlineData("MaxBytes", 1)]
    [InlineData("Timeout", 0.001)]
    [InlineData("ErrorTtl", 86400)]
    public void The_ends_of_the_ranges_are_allowed(string option, double value) => TestCache.Method(With(option, value));

    private static CacheOptions With(string option, double value)
    {
        var options = new CacheOptions();
        var property = typeof(CacheOptions).GetProperty(option)!;
        property.SetValue(options, Convert.ChangeType(value, property.PropertyType, null));
        return options;
    }
}
